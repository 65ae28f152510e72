import { Analytics, type AnalyticsSettings, type HTTPClientRequest, type HTTPResponse } from '../../src'

/** How a scripted server answers. */
export type Reply =
  | number
  | { status: number; headers?: Record<string, string>; body?: string }
  | 'hang'
  | 'reset'

/** A client over a scripted server, with everything it emits written down. */
export function startClient({
  replies = [200],
  ...settings
}: Partial<AnalyticsSettings> & { replies?: Reply[] } = {}) {
  const sent: HTTPClientRequest[] = []
  const heard: { event: string; argument: unknown }[] = []
  let hanging: ((response: HTTPResponse) => void)[] = []

  const analytics = new Analytics({
    writeKey: 'key',
    flushAt: 1,
    httpClient: {
      makeRequest(request, call) {
        sent.push(request)
        const reply = replies[Math.min(sent.length, replies.length) - 1] ?? 200
        if (reply === 'reset') return Promise.reject(new Error('connection reset'))
        if (reply !== 'hang') return Promise.resolve(responseOf(reply))
        return new Promise((resolve, reject) => {
          hanging.push(resolve)
          call?.signal.addEventListener('abort', () => reject(new Error('aborted')))
        })
      },
    },
    ...settings,
  })

  const events = [
    'register',
    'deregister',
    'dispatch_start',
    'http_request',
    'http_response',
    'flush',
    'dropped',
  ] as const
  const ends = [
    'track',
    'identify',
    'page',
    'screen',
    'group',
    'alias',
    'error',
    'call_after_close',
    'drained',
  ] as const
  for (const event of [...events, ...ends]) {
    analytics.on(event, (...args: unknown[]) => heard.push({ event, argument: args[0] }))
  }

  return {
    analytics,
    sent,
    heard,
    /** The names of the events that were emitted, in order. */
    names: () => heard.map(({ event }) => event),
    /** What was emitted with one name. */
    arguments: (name: string) => heard.filter(({ event }) => event === name).map(({ argument }) => argument),
    /** Answers the oldest request that hangs. */
    answer(reply: Exclude<Reply, 'hang' | 'reset'>) {
      const [first, ...rest] = hanging
      hanging = rest
      first?.(responseOf(reply))
    },
    /** The events of every request, by name. */
    batches: () =>
      sent.map(({ body }) =>
        (JSON.parse(body) as { batch: { event: string }[] }).batch.map(({ event }) => event),
      ),
    track: (event: string) => analytics.track({ userId: 'u', event }),
  }
}

function responseOf(reply: Exclude<Reply, 'hang' | 'reset'>): HTTPResponse {
  const { status, headers = {}, body = '' } = typeof reply === 'number' ? { status: reply } : reply
  return { status, statusText: `Status ${status}`, headers, text: async () => body }
}
