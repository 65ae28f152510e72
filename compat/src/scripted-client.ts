import { setTimeout as realDelay } from 'node:timers/promises'
import { fields, list } from './fields'
import type { Fields, HttpClient, HttpRequest } from './library'

export interface ScriptedAnswer {
  status?: number
  statusText?: string
  headers?: unknown
  text?: string
}

/** A status, a full answer, a failure, or `'hang'` for a server that never answers. */
export type Reply = number | ScriptedAnswer | Error | 'hang' | (() => Promise<number | ScriptedAnswer>)

export interface SentRequest extends HttpRequest {
  /** Time of the request by the clock of the test, in ms. */
  at: number
  payload: Fields
  batch: Fields[]
}

export interface ScriptedClient extends HttpClient {
  requests: SentRequest[]
  /** All events that were sent, in order. */
  events(): Fields[]
  /** Waits, in real time, until so many requests were made. */
  reached(count: number): Promise<void>
}

/** An HTTP client without a network: answers from a script, then 200 for ever, and keeps every request. */
export function createScriptedClient(replies: Reply[] = []): ScriptedClient {
  const requests: SentRequest[] = []
  const script = [...replies]
  return {
    requests,
    events: () => requests.flatMap((request) => request.batch),
    async reached(count) {
      const end = performance.now() + 10_000
      while (requests.length < count) {
        if (performance.now() > end) throw new Error(`only ${requests.length} of ${count} requests were made`)
        await realDelay(1)
      }
    },
    async makeRequest(request) {
      const payload = readPayload(request.body)
      requests.push({ ...request, at: Date.now(), payload, batch: readBatch(payload) })
      const reply = script.shift() ?? 200
      const answer = typeof reply === 'function' ? await reply() : reply
      if (answer instanceof Error) throw answer
      if (answer === 'hang') return new Promise(() => {})
      return toResponse(typeof answer === 'number' ? { status: answer } : answer)
    },
  }
}

function readPayload(body: string): Fields {
  try {
    return fields(JSON.parse(body))
  } catch {
    return { text: body }
  }
}

function readBatch(payload: Fields): Fields[] {
  return payload.batch === undefined ? [] : list(payload.batch).map(fields)
}

function toResponse(answer: ScriptedAnswer) {
  const { text, ...rest } = answer
  const statusText = answer.status === undefined ? undefined : `Text ${answer.status}`
  return {
    ...(statusText === undefined ? {} : { statusText }),
    ...rest,
    ...(text === undefined ? {} : { text: async () => text }),
  }
}
