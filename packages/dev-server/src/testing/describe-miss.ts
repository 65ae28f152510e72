import type { EventRecord } from '../events/event-record'

/** What `/api/wait` answers. */
export interface WaitAnswer {
  matched: boolean
  events: EventRecord[]
  near: { why: string[]; event: EventRecord }[]
}

/** Puts a wait in vain into words: what was wanted, how much of it came, and what came closest. */
export function describeMiss(
  filter: object,
  count: number,
  timeoutMs: number,
  { events, near }: WaitAnswer,
): string {
  const wanted = `Waited ${timeoutMs} ms for ${count} × ${JSON.stringify(filter)}, got ${events.length}.`
  if (near.length === 0) return `${wanted} Nothing else has arrived either.`
  const lines = near.map(
    ({ event, why }) => `  ${event.type ?? 'event'} ${event.event ?? event.messageId}: ${why.join('; ')}`,
  )
  return `${wanted} Closest:\n${lines.join('\n')}`
}
