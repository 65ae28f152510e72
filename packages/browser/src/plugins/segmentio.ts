import { isPlainObject } from '@sluice/core'
import type { Parcel, RetryPolicy, TransportResponse } from '@sluice/core/internal'
import {
  encodeEvent,
  hostClock,
  hostRandomness,
  readOutcome,
  settlingHook,
  toError,
  utf8Length,
} from '@sluice/core/internal'
import type { Analytics } from '../analytics'
import { Context } from '../context'
import { type BrowserDelivery, createBrowserDelivery } from '../delivery/browser-delivery'
import { deferRequests } from '../delivery/defer-requests'
import type { DeferredRequest } from '../delivery/deferred-request'
import { goOnWith } from '../delivery/go-on-with'
import { createOpenEvents } from '../delivery/open-events'
import { apiBase } from '../http/endpoint'
import { fetchThere } from '../http/fetch-there'
import { createFetchTransport } from '../http/fetch-transport'
import type { HttpConfig } from '../http/http-config'
import { pageKeepaliveBudget } from '../http/page-keepalive-budget'
import { pathOf } from '../http/path-of'
import { defaultRetryPolicy } from '../http/retry-policy'
import { untilKnown } from '../http/until-known'
import type { EarlyLeave } from '../leave-early'
import type { SegmentioSettings } from '../options'
import { createKeeper } from '../outbox/keeper'
import { createPageOutbox } from '../page-outbox'
import { globalNamed } from '../past-markup'
import type { SegmentEvent } from '../segment-event'
import type { CDNSettings, RemoteIntegrationSettings } from '../settings/cdn-settings'
import { policyOf, strategyOf } from './delivery-settings'
import { onEveryEvent } from './on-every-event'
import { destinationsMetadata, segmentioEvent } from './segmentio-event'
import { trackingAPISettings } from './tracking-api'
import type { AnyPlugin } from './types'

/** The destination that stands for the Tracking API. */
export interface SegmentioPlugin extends AnyPlugin {
  readonly metadata: { writeKey: string; apiHost: string; protocol: string }
  /** Sends what waits. Resolves when all of it is delivered, or kept because it cannot be now. */
  flush(): Promise<unknown>
  /** Takes over what earlier pages have left. */
  adopt(): Promise<void> | undefined
}

/** A batch must hold any event, in bytes. */
const maxEventBytes = 450 * 1024

/** Brings the events of a page to the Tracking API: the destination named `Segment.io`. */
export function segmentio(
  analytics: Analytics,
  settings: Partial<SegmentioSettings> = {},
  integrations: Record<string, RemoteIntegrationSettings> = {},
  early?: Pick<EarlyLeave, 'sent' | 'left'>,
  later?: Promise<CDNSettings>,
): SegmentioPlugin {
  const { apiKey, apiHost = 'api.segment.io/v1', protocol = 'https', deliveryStrategy } = settings
  const { queue } = analytics
  const ofCDN = analytics.settings.cdnSettings.integrations['Segment.io']?.httpConfig as
    | HttpConfig
    | undefined
  queue.keeper ??= createKeeper(createPageOutbox(analytics.settings.writeKey, analytics.options))
  const { keeper } = queue
  const { lifecycle } = keeper.page
  keeper.page.dropped = ({ id }) =>
    analytics.emit('error', { code: 'outbox_full', reason: new Error(`No room to keep event ${id}`) })
  const strategy = strategyOf(deliveryStrategy)
  const isBatching = strategy.type === 'batching'
  const base = apiBase({ apiHost, protocol })
  const metadata = { writeKey: apiKey ?? '', apiHost: later ? '' : apiHost, protocol }
  const destinations = destinationsMetadata(settings, integrations)
  const hold = () => deferred?.holds(openEvents.jsons())
  const openEvents = createOpenEvents({
    network: lifecycle,
    clock: hostClock,
    troubled: keeper.page.outbox.doubt,
    changed: isBatching ? hold : undefined,
  })
  let delivery: BrowserDelivery | undefined
  let deferred: DeferredRequest | undefined

  const startDelivery = (policy: RetryPolicy) => {
    const transportTo = (base: string) =>
      createFetchTransport({
        base,
        writeKey: apiKey,
        config: deliveryStrategy?.config ?? {},
        budget: pageKeepaliveBudget,
        clock: hostClock,
        isSimple: analytics.options.defaults === '2026-12',
        fetch: fetchThere,
        compress: analytics.options.gzip && globalNamed('CompressionStream') ? compress : undefined,
      })
    const found = later?.then((cdnSettings) => {
      const api = trackingAPISettings(analytics.integrations, cdnSettings) ?? {}
      metadata.apiHost = api.apiHost ?? apiHost
      return transportTo(apiBase(api))
    })
    const isTrouble = (response: TransportResponse) =>
      readOutcome(response, policy, hostClock.now()).type === 'retry'
    delivery ??= createBrowserDelivery({
      strategy,
      writeKey: apiKey ?? '',
      clock: hostClock,
      ...keeper.page,
      policy,
      transport: openEvents.watch(
        goOnWith(early?.sent ?? new Map(), found ? untilKnown(found) : transportTo(base)),
        isTrouble,
      ),
      restoreRaw: (event) => queue.process(new Context(event), () => {}),
      whenAnswered: openEvents.whenAnswered,
      gaveUp(json, reason) {
        const event = readEvent(json)
        if (event) fail(new Context(event), reason)
        else analytics.emit('error', { code: 'delivery_failure', reason })
      },
    })
    return delivery
  }

  const fail = (ctx: Context, reason: unknown) => {
    ctx.setFailedDelivery({ reason })
    analytics.emit('error', { code: 'delivery_failure', reason, ctx })
  }

  const encode = (ctx: Context) => {
    const { failedInitializations } = queue
    const metadata =
      failedInitializations.length > 0 ? { failedInitializations, ...destinations } : destinations
    try {
      return encodeEvent(segmentioEvent(ctx.event, apiKey, metadata), maxEventBytes, utf8Length)
    } catch (reason) {
      return { error: toError(reason) }
    }
  }

  const send = settlingHook((ctx: Context, ended: () => void) => {
    const start = hostClock.elapsed()
    const settled = () => {
      ctx.stats.gauge('plugin_time', hostClock.elapsed() - start, ['plugin:Segment.io'])
      ended()
    }
    const encoded = encode(ctx)
    if ('error' in encoded) {
      fail(ctx, encoded.error)
      settled()
      return
    }
    keeper.handOver(ctx)
    const end = openEvents.begin(encoded.json, isBatching ? undefined : settled)
    const parcel: Parcel = {
      ...encoded,
      id: ctx.event.messageId ?? '',
      path: pathOf(ctx.event.type),
      settle(failure) {
        if (failure) fail(ctx, failure.reason)
        end()
      },
    }
    // It can be used without having been registered.
    const started = delivery ?? startDelivery(defaultRetryPolicy(hostRandomness.random))
    const add = () => started.add(parcel, false)
    const left = early?.left.get(parcel.id)
    early?.left.delete(parcel.id)
    // When the visitor seemed to go, it went along with others: no other request may carry it until that one has failed.
    if (left) left.then(({ status }) => (status < 400 ? parcel.settle() : add()), add)
    else add()
    if (isBatching) settled()
  })
  return {
    name: 'Segment.io',
    type: 'destination',
    version: '0.1.0',
    metadata,
    isLoaded: () => true,
    async load() {
      const { retryQueue } = analytics.options
      const policy = await policyOf({ ofCDN, ofPage: settings.httpConfig, deliveryStrategy, retryQueue })
      startDelivery(policy)
      if (analytics.initialized) void delivery?.adopt()
      if (isBatching && !later) deferred = await deferRequests(base, apiKey ?? '', lifecycle)
    },
    unload() {
      delivery?.stop()
      deferred?.withdraw()
    },
    adopt: () => delivery?.adopt(),
    flush() {
      delivery?.flush()
      return openEvents.whenSafe()
    },
    ...onEveryEvent(send),
  }
}

/** Storage is open to everybody: what stands there may be anything. */
function readEvent(json: string): SegmentEvent | undefined {
  try {
    const event: unknown = JSON.parse(json)
    return isPlainObject(event) ? (event as object as SegmentEvent) : undefined
  } catch {
    return undefined
  }
}

async function compress(body: string): Promise<ArrayBuffer | undefined> {
  try {
    const { gzip } = await import('../http/gzip')
    return await gzip(body)
  } catch {
    return undefined
  }
}
