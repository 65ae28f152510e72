import { vi } from 'vitest'
import type { CDNSettings, SegmentioSettings } from '../../../src'

/** How the server answers: with a status, with a status and headers, not until it is told to, or not at all. */
export type Reply = number | { status: number; headers?: Record<string, string> } | 'hang' | 'reset'

/** One request that carries events. */
export interface SentRequest {
  readonly url: string
  readonly init: RequestInit & { readonly headers: Record<string, string> }
  /** What is in its body. */
  readonly body: WireEvent & { batch?: WireEvent[] }
}

/** An event as the Tracking API gets it. */
export interface WireEvent {
  type: string
  event?: string
  name?: string
  category?: string | null
  messageId: string
  anonymousId: string
  userId: string | null
  previousId?: string
  groupId?: string
  writeKey: string
  timestamp: string
  sentAt?: string
  traits?: object
  properties?: object
  integrations: object
  context: { page: { path: string; url: string; search: string; title: string }; [key: string]: unknown }
  _metadata: Record<string, unknown>
}

export interface FakeServer {
  /** What the CDN answers: settings, a status, or what a `Reply` says. */
  settings: CDNSettings | Reply
  /** Addresses of which settings were asked. */
  readonly settingsRequests: string[]
  /** Requests that carry events, in order. */
  readonly requests: SentRequest[]
  /** All events that were sent, those of batches one by one. */
  readonly events: WireEvent[]
  /** The names of the events that were sent; of those without a name, the type. */
  readonly names: string[]
  /** From now on, requests with events are answered by this script, and with its last line when it is at its end. */
  script(...replies: Reply[]): void
  /** Answers the oldest request that hangs. */
  answer(reply?: Exclude<Reply, 'hang'>): void
  /** Answers the request for settings that hangs. */
  answerSettings(settings?: CDNSettings | Exclude<Reply, 'hang'>): void
}

/** What the CDN answers for a source with this key. */
export function settingsOf(apiKey: string, ofSource: Partial<SegmentioSettings> = {}): CDNSettings {
  return { integrations: { 'Segment.io': { apiKey, ...ofSource } } }
}

export const usualSettings = settingsOf('api-key')

interface Hanging {
  give(reply: Exclude<Reply, 'hang'> | CDNSettings): void
}

/** Stands for the CDN and the Tracking API, in the place of the global `fetch`. */
export function startServer(): FakeServer {
  const hanging: Hanging[] = []
  const hangingSettings: Hanging[] = []
  let replies: Reply[] = [200]

  const respond = (reply: Reply | CDNSettings, waiting: Hanging[], signal?: AbortSignal | null) =>
    new Promise((resolve, reject) => {
      const give = (given: Exclude<Reply, 'hang'> | CDNSettings) => {
        if (given === 'reset') reject(new TypeError('Failed to fetch'))
        else resolve(response(given))
      }
      signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
      if (reply === 'hang') waiting.push({ give })
      else give(reply)
    })

  const server: FakeServer = {
    settings: usualSettings,
    settingsRequests: [],
    requests: [],
    get events() {
      return server.requests.flatMap(({ body }) => body.batch ?? [body])
    },
    get names() {
      return server.events.map(({ event, type }) => event ?? type)
    },
    script(...lines) {
      replies = lines
    },
    answer(reply = 200) {
      hanging.shift()?.give(reply)
    },
    answerSettings(settings = usualSettings) {
      hangingSettings.shift()?.give(settings)
    },
  }

  vi.stubGlobal('fetch', (url: string, init?: SentRequest['init']) => {
    if (init?.body == null) {
      server.settingsRequests.push(url)
      return respond(server.settings, hangingSettings)
    }
    server.requests.push({ url, init, body: JSON.parse(String(init.body)) })
    const reply = (replies.length > 1 ? replies.shift() : replies[0]) ?? 200
    return respond(reply, hanging, init.signal)
  })
  return server
}

function response(reply: Exclude<Reply, 'hang' | 'reset'> | CDNSettings) {
  const isSettings = typeof reply === 'object' && 'integrations' in reply
  const { status, headers = {} } =
    isSettings || typeof reply === 'number'
      ? { status: Number(reply) || 200 }
      : (reply as { status: number; headers?: Record<string, string> })
  return {
    ok: status < 300,
    status,
    statusText: `Status ${status}`,
    headers: new Headers(headers),
    text: async () => (isSettings ? JSON.stringify(reply) : ''),
  }
}
