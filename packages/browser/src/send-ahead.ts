import type { Exchange } from '@sluice/core/internal'
import { hostClock } from '@sluice/core/internal'
import type { Acceptor } from './acceptor'
import type { Beginning } from './beginning'
import { enrichEnvironment } from './environment/enrich-environment'
import type { HostEnvironment } from './environment/host-environment'
import { plansAnything } from './filters/plans-anything'
import { apiBase, pathOf } from './http/endpoint'
import { singleEventBody } from './http/event-body'
import { fetchThere } from './http/fetch-there'
import { createFetchTransport } from './http/fetch-transport'
import { destinationsMetadata, segmentioEvent } from './plugins/segmentio-event'
import { trackingAPISettings } from './plugins/tracking-api'
import type { SegmentEvent } from './segment-event'
import type { CDNSettings } from './settings/cdn-settings'

/** Events that are sent so early, at most: as many as are under way at a time later on. */
const most = 8

/** Larger events are looked at more closely, by the client. In characters, of which one has three bytes at most. */
const longest = 150 * 1024

/**
 * Sends the first events of a page while the client is still being loaded, as it would send them: where nothing is there
 * that could change, hold or drop them. Answers the requests by the ids of their events; the client goes on with these.
 */
export function sendAhead(
  beginning: Beginning,
  cdnSettings: CDNSettings,
  { page }: Acceptor,
  environment: HostEnvironment,
): Map<string, Exchange> {
  const sent = new Map<string, Exchange>()
  const api = trackingAPISettings(beginning.options.integrations ?? {}, cdnSettings)
  if (!api || mayChange(beginning, cdnSettings) || !page.lifecycle.isOnline()) return sent
  const { apiKey, deliveryStrategy } = api
  if (deliveryStrategy?.strategy === 'batching') return sent

  const transport = createFetchTransport({
    base: apiBase(api),
    writeKey: apiKey,
    config: deliveryStrategy?.config ?? {},
    // What does not outlive the page is sent again by the next one.
    budget: { take: () => false, give() {} },
    clock: hostClock,
    fetch: fetchThere,
  })
  const metadata = destinationsMetadata(api, cdnSettings.integrations)

  const send = (id: string, event: SegmentEvent) => {
    const context = enrichEnvironment(event.context, environment)
    const json = JSON.stringify(segmentioEvent({ ...event, context }, apiKey, metadata))
    if (json.length > longest) return
    const body = singleEventBody(json, new Date(hostClock.now()))
    const exchange = transport.exchange({ body, path: pathOf(event.type), retryCount: 0, isLeaving: false })
    if (!exchange) return
    sent.set(id, exchange)
    exchange.answer.then(
      ({ status }) => {
        // A page that dies before the client is there leaves nothing to be sent again.
        if (status < 400) page.outbox.remove(id)
      },
      () => {},
    )
  }

  for (const event of beginning.calls.first().slice(0, most)) {
    const { messageId: id, integrations = {} } = event
    try {
      if (id && !Object.values(integrations).includes(false)) send(id, event)
    } catch {
      // What cannot be turned into text, or a function of the page's that throws, is the client's to tell of.
    }
  }
  return sent
}

/** Whether something may see events before the Tracking API does. */
function mayChange(
  { settings, options }: Beginning,
  { remotePlugins, enabledMiddleware, plan }: CDNSettings,
): boolean {
  const seeing = [settings.plugins, remotePlugins, Object.values(enabledMiddleware ?? {}).filter(Boolean)]
  return seeing.some((some) => some?.length) || [plan, options.plan].some((one) => plansAnything(one?.track))
}
