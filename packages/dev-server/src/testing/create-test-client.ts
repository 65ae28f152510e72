import { DevServerError } from '../dev-server-error'
import type { AcceptedEvent, EventRecord, FailedEvent } from '../events/event-record'
import type { ActiveFault, Fault } from '../faults/fault'
import type { Counts } from '../store/counters'
import type { EventFilter } from '../store/event-filter'
import { describeMiss, type WaitAnswer } from './describe-miss'

/** Which events are meant. Every field that is given must match; `properties` and `traits` at least. */
export type EventQuery = Omit<EventFilter, 'since'> & {
  /** Received at or after this time; numbers are ms since 1970. */
  since?: Date | number
}

/** What a query finds: accepted events, unless its `status` asks for others. */
export type Found<Query extends EventQuery> = 'status' extends keyof Query
  ? Query['status'] extends 'accepted'
    ? AcceptedEvent
    : Query['status'] extends 'failed'
      ? FailedEvent
      : EventRecord
  : AcceptedEvent

export interface WaitOptions {
  /** How many events must match. @default 1 */
  count?: number
  /** How long to wait, in ms; at most 240000. @default 5000 */
  timeoutMs?: number
}

/** What a test asks of a dev server. Each call throws `DevServerError` with `request_failed` when the server cannot answer. */
export interface TestClient {
  /**
   * Waits until enough events match, and gives them in order of arrival; events that are there already count.
   * Throws `wait_timed_out` with a message that tells what came closest.
   *
   * @example
   * const [order] = await dev.waitFor({ event: 'Order Completed', properties: { total: 30 } })
   */
  waitFor<Query extends EventQuery>(query: Query, options?: WaitOptions): Promise<Found<Query>[]>
  /** The latest events that match, in order of arrival. `limit` is 100 unless told, and at most 10000. */
  events<Query extends EventQuery = Record<never, never>>(
    query?: Query & { limit?: number },
  ): Promise<Found<Query>[]>
  /** The event with this message id; `undefined` when none has it. */
  event(messageId: string): Promise<EventRecord | undefined>
  counts(): Promise<Counts>
  /**
   * Adds faults to the script, and answers those in force; without any it only answers.
   *
   * @example
   * await dev.faults({ kind: 'status', status: 503, times: 2 }, { kind: 'latency', ms: 200, times: 1 })
   */
  faults(...script: Fault[]): Promise<ActiveFault[]>
  clearFaults(): Promise<void>
  /** Forgets events, counts, faults and rate limits. Best done before each test. */
  reset(): Promise<void>
}

/**
 * Makes a client for the dev server at `url`. Needs nothing but `fetch`, so it works in every test runner.
 * @throws DevServerError `invalid_option` if that is not an address that begins with http.
 */
export function createTestClient(url: string | URL): TestClient {
  const address = String(url)
  if (!/^https?:\/\//.test(address)) {
    throw new DevServerError('invalid_option', 'url should be the address of a dev server, such as dev.url', {
      option: 'url',
    })
  }
  const base = address.replace(/\/+$/, '')

  // Bodies are read whatever the status: a connection with an unread one is not used again.
  const ask = async (method: string, path: string, body?: unknown) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
    try {
      const response = await fetch(`${base}${path}`, init)
      return { status: response.status, ok: response.ok, text: await response.text() }
    } catch (cause) {
      throw new DevServerError(
        'request_failed',
        `No dev server answers at ${base}`,
        { url: base, path },
        cause,
      )
    }
  }

  const failed = (method: string, path: string, status: number, text: string) =>
    new DevServerError('request_failed', `${method} ${path} was answered ${status}: ${text}`, {
      url: base,
      path,
      status,
    })

  const askJson = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const { status, ok, text } = await ask(method, path, body)
    if (!ok) throw failed(method, path, status, text)
    // The server is ours, and of the same version as this client.
    return JSON.parse(text) as Answer
  }

  // Answers have a largest size; a list that is longer comes in parts.
  const readEvents = async (query: EventQuery & { limit?: number }): Promise<EventRecord[]> => {
    const found: EventRecord[] = []
    let rest = query
    while (true) {
      const path = `/api/events?${toSearch(rest)}`
      const { events, next } = await askJson<{ events: EventRecord[]; next?: number }>('GET', path)
      found.push(...events)
      if (next === undefined) return found
      rest = { ...query, after: next, limit: (query.limit ?? 100) - found.length }
    }
  }

  return {
    async waitFor<Query extends EventQuery>(
      query: Query,
      { count = 1, timeoutMs = 5_000 }: WaitOptions = {},
    ) {
      const answer = await askJson<WaitAnswer>('POST', '/api/wait', { ...query, count, timeoutMs })
      const { matched, near, next } = answer
      const rest = { ...query, after: next ?? 0, limit: count - answer.events.length }
      const events = next === undefined ? answer.events : [...answer.events, ...(await readEvents(rest))]
      if (matched) return events as Found<Query>[]
      const facts = { query, count, timeoutMs, events, near }
      const message = describeMiss(base, query, count, timeoutMs, { events, near })
      throw new DevServerError('wait_timed_out', message, facts)
    },
    async events<Query extends EventQuery>(query?: Query & { limit?: number }) {
      return (await readEvents(query ?? {})) as Found<Query>[]
    },
    async event(messageId) {
      const path = `/api/events/${encodeURIComponent(messageId)}`
      const { status, ok, text } = await ask('GET', path)
      if (status === 404) return undefined
      if (!ok) throw failed('GET', path, status, text)
      return JSON.parse(text) as EventRecord
    },
    counts: () => askJson('GET', '/api/counts'),
    async faults(...script) {
      const { faults } = await (script.length === 0
        ? askJson<{ faults: ActiveFault[] }>('GET', '/api/faults')
        : askJson<{ faults: ActiveFault[] }>('POST', '/api/faults', { script }))
      return faults
    },
    async clearFaults() {
      await askJson('DELETE', '/api/faults')
    },
    async reset() {
      await askJson('POST', '/api/reset')
    },
  }
}

function toSearch(query: object): URLSearchParams {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query) as [string, unknown][]) {
    if (value instanceof Date) search.set(name, value.toISOString())
    else if (value !== undefined)
      search.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
  return search
}
