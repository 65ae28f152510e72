import type { RetryPolicy, SettlingDestination, Transport } from '@sluice/core/internal'
import {
  acceptEvent,
  encodeEvent,
  hostClock,
  hostRandomness,
  toError,
  utf8Length,
} from '@sluice/core/internal'
import { createHostLifecycle } from '../adapters/host-lifecycle'
import type { Analytics } from '../analytics'
import { Context } from '../context'
import {
  type BrowserDelivery,
  createBrowserDelivery,
  pathOf,
  type Strategy,
} from '../delivery/browser-delivery'
import { apiBase } from '../http/endpoint'
import { createFetchTransport } from '../http/fetch-transport'
import type { HttpConfig } from '../http/http-config'
import { createKeepaliveBudget } from '../http/keepalive-budget'
import { defaultRetryPolicy } from '../http/retry-policy'
import type { SegmentioSettings } from '../options'
import { createKeeper } from '../outbox/keeper'
import { createPageOutbox } from '../outbox/page-outbox'
import type { CDNSettings } from '../settings/cdn-settings'
import { onEveryEvent } from './on-every-event'
import { destinationsMetadata, segmentioEvent } from './segmentio-event'
import type { AnyPlugin } from './types'

/** The destination that stands for the Tracking API. */
export interface SegmentioPlugin extends AnyPlugin, SettlingDestination<Context> {
  readonly metadata: { writeKey: string; apiHost: string; protocol: string }
  /** Sends what waits. Resolves when all of it is delivered, or kept because it cannot be now. */
  flush(): Promise<unknown>
}

/** A batch must hold any event, in bytes. */
const maxEventBytes = 450 * 1024

/** Brings the events of a page to the Tracking API: the destination named `Segment.io`. */
export function segmentio(
  analytics: Analytics,
  settings: Partial<SegmentioSettings> = {},
  integrations: CDNSettings['integrations'] = {},
): SegmentioPlugin {
  const { apiKey = '', apiHost = 'api.segment.io/v1', protocol = 'https', deliveryStrategy } = settings
  const { queue } = analytics
  queue.keeper ??= createKeeper(createPageOutbox(analytics.settings.writeKey, analytics.options))
  const { keeper } = queue
  keeper.page.dropped = ({ id }) =>
    analytics.emit('error', { code: 'outbox_full', reason: new Error(`No room to keep event ${id}`) })
  const lifecycle = createHostLifecycle()
  const strategy = strategyOf(deliveryStrategy)
  const destinations = destinationsMetadata(settings, integrations)
  let isTroubled = false
  /** For every event that is not delivered yet, those who wait until it is safe. */
  const open = new Set<(() => void)[]>()

  const safe = (waiting: (() => void)[]) => {
    for (const run of waiting.splice(0)) run()
  }

  // Nobody waits for a server that is ill: what it does not take is kept.
  const watched = (transport: Transport): Transport => ({
    exchange(request) {
      const exchange = transport.exchange(request)
      const answered = (isGood: boolean) => {
        isTroubled = !isGood
        if (isTroubled) for (const waiting of open) safe(waiting)
      }
      exchange?.answer.then(
        ({ status }) => answered(status < 400),
        () => answered(false),
      )
      return exchange
    },
  })

  const createDelivery = (policy: RetryPolicy): BrowserDelivery =>
    createBrowserDelivery({
      strategy,
      writeKey: apiKey,
      clock: hostClock,
      lifecycle,
      ...keeper.page,
      restoreRaw: restore,
      policy,
      transport: watched(
        createFetchTransport({
          base: apiBase({ apiHost, protocol }),
          writeKey: apiKey,
          config: deliveryStrategy?.config ?? {},
          budget: createKeepaliveBudget(),
          clock: hostClock,
          fetch: (url, init) => fetch(url, init),
        }),
      ),
    })

  const restore = (_id: string, json: string) => {
    const ctx = new Context(JSON.parse(json))
    queue.process(ctx, () => {})
  }

  let delivery: BrowserDelivery | undefined

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

  const accept = (ctx: Context, settled: () => void) => {
    const encoded = encode(ctx)
    if ('error' in encoded) {
      fail(ctx, encoded.error)
      settled()
      return
    }
    const isBatching = strategy.type === 'batching'
    const waiting = isBatching ? [] : [settled]
    open.add(waiting)
    keeper.handOver(ctx)
    // It can be used before it was registered, by whoever calls it as a function.
    delivery ??= createDelivery(defaultRetryPolicy(hostRandomness.random))
    delivery.add(
      {
        id: ctx.event.messageId ?? '',
        ...encoded,
        path: pathOf(ctx.event.type),
        settle(failure) {
          if (failure) fail(ctx, failure.reason)
          open.delete(waiting)
          safe(waiting)
        },
      },
      false,
    )
    if (isBatching) settled()
    else if (isTroubled || !lifecycle.isOnline()) safe(waiting)
  }

  const send = (ctx: Context) => new Promise<Context>((resolve) => accept(ctx, () => resolve(ctx)))
  return {
    name: 'Segment.io',
    type: 'destination',
    version: '0.1.0',
    metadata: { writeKey: apiKey, apiHost, protocol },
    isLoaded: () => true,
    async load() {
      delivery ??= createDelivery(await policyOf(analytics, settings))
      void delivery.adopt()
    },
    unload: () => delivery?.stop(),
    flush() {
      delivery?.flush()
      return Promise.all([...open].map((waiting) => new Promise<void>((resolve) => waiting.push(resolve))))
    },
    [acceptEvent]: accept,
    ...onEveryEvent(send),
  }
}

function strategyOf(given: SegmentioSettings['deliveryStrategy']): Strategy {
  if (given?.strategy !== 'batching') return { type: 'standard' }
  const { size = 10, timeout = 5_000 } = given.config ?? {}
  return { type: 'batching', size, timeout }
}

async function policyOf(analytics: Analytics, settings: Partial<SegmentioSettings>): Promise<RetryPolicy> {
  const { random } = hostRandomness
  const ofCDN = analytics.settings.cdnSettings.integrations['Segment.io']?.httpConfig as
    | HttpConfig
    | undefined
  const ofPage = settings.httpConfig
  let policy = defaultRetryPolicy(random)
  if (ofCDN || ofPage) {
    const given = await import('../http/http-config').catch(() => undefined)
    policy = given?.retryPolicy(ofCDN, ofPage, random) ?? policy
  }
  if (analytics.options.retryQueue === false) return { ...policy, maxRetries: 0, maxUncountedRetries: 0 }
  const { deliveryStrategy } = settings
  const maxRetries =
    deliveryStrategy?.strategy === 'batching' ? deliveryStrategy.config?.maxRetries : undefined
  return { ...policy, maxRetries: maxRetries ?? policy.maxRetries }
}
