import { setTimeout as realDelay } from 'node:timers/promises'
import { fields } from './fields'
import type { Client, Envelope, Fields } from './library'

export interface Emitted {
  name: string
  args: unknown[]
}

export interface EventLog {
  all: Emitted[]
  names(): string[]
  /** The first argument of every event of that name. */
  of(name: string): unknown[]
  /** The payloads of the `error` events. */
  errors(): Fields[]
  /** Waits, in real time, until an event of that name was emitted so many times. */
  seen(name: string, count?: number): Promise<void>
  clear(): void
}

const known = [
  'initialize',
  'register',
  'deregister',
  'dispatch_start',
  'http_request',
  'http_response',
  'track',
  'identify',
  'page',
  'screen',
  'group',
  'alias',
  'error',
  'dropped',
  'call_after_close',
  'drained',
]

/** Listens to everything a client emits and keeps it in order. */
export function recordEvents(client: Client): EventLog {
  const all: Emitted[] = []
  for (const name of known) client.on(name, (...args) => all.push({ name, args }))
  const of = (name: string) => all.filter((entry) => entry.name === name).map((entry) => entry.args[0])
  return {
    all,
    of,
    names: () => all.map((entry) => entry.name),
    errors: () => of('error').map(fields),
    async seen(name, count = 1) {
      const end = performance.now() + 10_000
      while (of(name).length < count) {
        if (performance.now() > end)
          throw new Error(`${name} was emitted ${of(name).length} of ${count} times`)
        await realDelay(1)
      }
    },
    clear: () => all.splice(0),
  }
}

export function isEnvelope(value: unknown): value is Envelope {
  return typeof value === 'object' && value !== null && 'event' in value && 'failedDelivery' in value
}

export function envelope(value: unknown): Envelope {
  if (isEnvelope(value)) return value
  throw new TypeError('expected the context of an event')
}
