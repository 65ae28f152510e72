import type { Exchange } from '@sluice/core/internal'
import { hostClock, utf8Length } from '@sluice/core/internal'
import type { Acceptor } from './acceptor'
import { type EarlyRoute, type EarlySettings, earlyRoute } from './early-route'
import { batchBody } from './http/event-body'
import { pageKeepaliveBudget } from './http/page-keepalive-budget'
import { rawMark } from './outbox/outbox'
import type { SegmentEvent } from './segment-event'
import { minimalSettings } from './settings/minimal-settings'
import { version } from './version'

/** What is done about a page that is left before its client is there. */
export interface EarlyLeave {
  /** How events go, since the settings are known. */
  route?: EarlyRoute | undefined
  /** Requests that were made ahead, by the `messageId` of their events. */
  readonly sent: Map<string, Exchange>
  /** The answers to requests that were made when the visitor seemed to go, likewise. */
  readonly left: Map<string, Promise<{ readonly status: number }>>
  /** The client takes care of it. */
  stop(): void
}

/** Longest wait for the answer, in ms: WebKit tells of none when the visitor seemed to go. */
const timeLimit = 30_000

/** Of the 64 KiB that browsers allow, in bytes of the events. */
const maxBytes = 54 * 1024

/**
 * When the page is left, sends what was accepted, in one request that outlives it and that the server need not be asked
 * about first. As long as the settings are not known, it takes a page that says itself where its events go.
 */
export function leaveEarly(
  given: EarlySettings,
  /** The events of accepted calls that nobody but the library itself is going to change. */
  first: () => readonly SegmentEvent[],
  { page: { outbox, lifecycle } }: Acceptor,
): EarlyLeave {
  const sent: EarlyLeave['sent'] = new Map()
  const left: EarlyLeave['left'] = new Map()

  const leave = () => {
    const { encode, base, api } = ('route' in early ? early.route : guess(given)) ?? {}
    if (!encode || !lifecycle.isOnline()) return
    const events: SegmentEvent[] = []
    const jsons: string[] = []
    let bytes = 0
    for (const event of first()) {
      const { messageId: id = '' } = event
      // Delivered, or under way in a request that outlives the page.
      if (sent.get(id)?.outlivesPage || left.has(id)) {
        outbox.left(id, hostClock.now())
        continue
      }
      const json = encode(event)
      const size = json ? utf8Length(json) : 0
      if (!json || bytes + size > maxBytes) continue
      bytes += size
      events.push(event)
      jsons.push(json)
    }
    if (events.length === 0 || !pageKeepaliveBudget.take(bytes)) return
    const body = batchBody(jsons, api?.apiKey ?? '', new Date())
    const headers = { 'Content-Type': 'text/plain' }
    const signal = AbortSignal.timeout?.(timeLimit)
    const init = { method: 'POST', headers, body, keepalive: true, signal }
    const answer = fetch(`${base}/b`, init)
    const each = (run: (id: string, event: SegmentEvent) => void) => {
      for (const event of events) run(event.messageId ?? '', event)
    }
    each((id) => {
      sent.get(id)?.abort()
      sent.delete(id)
      left.set(id, answer)
      outbox.left(id, hostClock.now())
    })
    const stay = () => {
      outbox.doubt()
      each((id, event) => outbox.put(id, rawMark + JSON.stringify(event)))
    }
    answer
      .then(({ status }) => (status < 400 ? each(outbox.remove) : stay()), stay)
      // For a page that stays, because what the visitor asked for is a download.
      .then(() => pageKeepaliveBudget.give(bytes))
  }

  const early: EarlyLeave = { sent, left, stop: lifecycle.onLeave(leave) }
  return early
}

function guess({ settings, options }: EarlySettings): EarlyRoute | undefined {
  const ofPage = options.integrations?.['Segment.io']
  const isTold = typeof ofPage === 'object' && ofPage.apiHost
  const known = settings.cdnSettings ?? (isTold && minimalSettings(settings.writeKey))
  if (!known || options.updateCDNSettings) return undefined
  return earlyRoute({ settings, options }, known, (event) => {
    const { userAgent, language } = globalThis.navigator ?? {}
    return { ...event.context, userAgent, locale: language, library: { name: '@sluice/browser', version } }
  })
}
