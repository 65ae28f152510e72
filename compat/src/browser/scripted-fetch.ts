import type { Fields } from '../library'

/** One request, as a server sees it: the method in capitals and the names of headers in small letters. */
export interface PageRequest {
  url: string
  method: string
  headers: Record<string, string>
  /** The body's JSON, or its text when it is none. */
  body?: unknown
  keepalive?: true
  credentials?: string
  priority?: string
  /** When it was made, in ms of the page's clock since the page began. */
  at: number
}

export type PageReply =
  | number
  | Error
  | 'never'
  | { status: number; body?: unknown; headers?: Record<string, string>; afterMs?: number }

export type Answering = (request: PageRequest) => PageReply

export interface ScriptedFetch {
  fetch(url: unknown, init?: Fields): Promise<unknown>
  readonly requests: PageRequest[]
}

/** Stands for the page's `fetch`: answers as `answer` says and keeps every request. */
export function createScriptedFetch(answer: Answering, sinceStart: () => number): ScriptedFetch {
  const requests: PageRequest[] = []
  return {
    requests,
    async fetch(url, init = {}) {
      const request: PageRequest = {
        url: String(url),
        method: String(init.method ?? 'GET').toUpperCase(),
        headers: Object.fromEntries(
          Object.entries((init.headers ?? {}) as Record<string, string>).map(([name, value]) => [
            name.toLowerCase(),
            value,
          ]),
        ),
        at: sinceStart(),
      }
      if (init.body !== undefined) request.body = readBody(String(init.body))
      if (init.keepalive === true) request.keepalive = true
      if (init.credentials !== undefined) request.credentials = String(init.credentials)
      if (init.priority !== undefined) request.priority = String(init.priority)
      requests.push(request)
      const reply = answer(request)
      if (reply instanceof Error) throw reply
      if (reply === 'never') return new Promise(() => {})
      const {
        status,
        body = '',
        headers = {},
        afterMs,
      } = typeof reply === 'number' ? { status: reply } : reply
      if (afterMs !== undefined) await new Promise((resolve) => setTimeout(resolve, afterMs))
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      return {
        ok: status >= 200 && status < 300,
        status,
        statusText: '',
        headers: new Headers(headers),
        text: async () => text,
        json: async () => JSON.parse(text),
      }
    },
  }
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
