import { Analytics, type AnalyticsSettings, type HTTPResponseEvent } from '../../src'

/** What became of the two events of a client: each is delivered or failed, and that is told of once. */
export interface Ending {
  /** Names of events for which `track` was emitted. */
  delivered: string[]
  /** Names of events for which `error` was emitted, with the message of the reason. */
  failed: [name: string, reason: string][]
  /** What their callbacks got: nothing, or the message of the reason. */
  callbacks: [name: string, reason: string | undefined][]
  responses: HTTPResponseEvent[]
}

/** Sends “One” and “Two” in one batch, closes the client and tells how it went. */
export async function sendTwoEvents(settings: Partial<AnalyticsSettings>): Promise<Ending> {
  const ending: Ending = { delivered: [], failed: [], callbacks: [], responses: [] }
  const analytics = new Analytics({ writeKey: 'key', flushAt: 2, maxRetries: 0, ...settings })
  analytics.on('track', ({ event }) => ending.delivered.push(String(event.event)))
  analytics.on('error', ({ code, reason, ctx }) => {
    ending.failed.push([String(ctx?.event.event ?? code), messageOf(reason)])
  })
  analytics.on('http_response', (response) => ending.responses.push(response))
  for (const event of ['One', 'Two']) {
    analytics.track({ userId: 'u', event }, (reason) => {
      ending.callbacks.push([event, reason === undefined ? undefined : messageOf(reason)])
    })
  }
  await analytics.closeAndFlush()
  return ending
}

/** Both events were delivered, and each was told of once. */
export const bothDelivered = {
  delivered: ['One', 'Two'],
  failed: [],
  callbacks: [
    ['One', undefined],
    ['Two', undefined],
  ],
}

/** Both events failed, and each was told of once. */
export function bothFailed(reason: unknown) {
  const each = [
    ['One', reason],
    ['Two', reason],
  ]
  return { delivered: [], failed: each, callbacks: each }
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason)
}
