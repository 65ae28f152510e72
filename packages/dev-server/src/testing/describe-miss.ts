import type { EventRecord } from '../events/event-record'

/** What `/api/wait` answers. */
export interface WaitAnswer {
  matched: boolean
  events: EventRecord[]
  near: { why: string[]; event: EventRecord }[]
  /** Where to go on when the list became too long for one answer. */
  next?: number
}

/** Puts a wait in vain into words: what was wanted, how much of it came, what came closest and where it can be seen. */
export function describeMiss(
  base: string,
  filter: object,
  count: number,
  timeoutMs: number,
  { events, near }: Pick<WaitAnswer, 'events' | 'near'>,
): string {
  const wanted = `Waited ${timeoutMs} ms for ${count} × ${JSON.stringify(filter)}, got ${events.length}.`
  if (near.length === 0) return `${wanted} Nothing else has arrived either.`
  const lines = near.map(
    ({ event, why }) =>
      `  ${event.type ?? 'event'} ${event.event ?? event.messageId}: ${why.join('; ')}\n    ${base}/api/events/${encodeURIComponent(event.messageId)}`,
  )
  return `${wanted} Closest:\n${lines.join('\n')}`
}
