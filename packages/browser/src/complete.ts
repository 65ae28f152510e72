import { isPlainObject } from '@sluice/core'
import { createMemoryStore, hostClock } from '@sluice/core/internal'
import { createAcceptor } from './acceptor'
import { Analytics, clientStores } from './analytics'
import type { Beginning, WaitingCalls } from './beginning'
import { Context } from './context'
import { createHostEnvironment } from './environment/host-environment'
import { EventQueue } from './event-queue'
import { extensions } from './extensions'
import { NullAnalytics } from './null-analytics'
import type { SegmentioSettings } from './options'
import { createKeeper } from './outbox/keeper'
import { createPageEnrichment } from './plugins/page-enrichment'
import { type SegmentioPlugin, segmentio } from './plugins/segmentio'
import type { CDNSettings } from './settings/cdn-settings'
import { loadSettings } from './settings/load-settings'
import { createLocalStore, writingChanges } from './storage/local-store'
import { createUniversalStorage } from './storage/stores'
import { version } from './version'

/** Where the ad that brought a visitor is kept. */
const adReferrerKey = 's:context.referrer'

/** Makes the client of a page, and lets it go on with the calls that were made before. */
export async function complete(beginning: Beginning): Promise<[Analytics, Context]> {
  const { settings, options, calls, query } = beginning
  if (beginning.isInert) return inert(calls)
  const { cdnSettings, failure } = await findSettings(beginning)
  if (typeof options.disable === 'function' && (await options.disable(cdnSettings))) return inert(calls)

  const { page, user, group } = beginning.acceptor ?? createAcceptor(settings.writeKey, options)
  const ofSource = cdnSettings.integrations['Segment.io'] as Partial<SegmentioSettings> | undefined
  const retryQueue = options.retryQueue ?? ofSource?.retryQueue ?? true
  const queue = new EventQueue({ pluginTimeout: options.pluginTimeout ?? 30_000 })
  queue.keeper = createKeeper(page)
  queue.isRetrying = retryQueue
  const analytics: Analytics = new Analytics(
    { ...settings, cdnSettings },
    { ...options, retryQueue },
    queue,
    user,
    group,
  )
  const api = trackingAPI(analytics, { ...ofSource })
  const ctx = await analytics.register(
    createPageEnrichment(environmentOf(analytics)),
    ...api,
    ...(await extensions(analytics, settings)),
  )
  await calls.setUp(analytics)

  if (failure) analytics.emit('error', { code: 'settings_failure', reason: failure.reason })
  analytics.initialized = true
  analytics.emit('initialize', analytics.settings, analytics.options)
  if (query) await followLink(analytics, query)
  calls.begin(analytics)
  // Only now: what earlier pages have left goes through all plugins of this one.
  for (const plugin of api) void plugin.adopt()
  return [analytics, ctx]
}

function inert(calls: WaitingCalls): [Analytics, Context] {
  const analytics = new NullAnalytics()
  void calls.setUp(analytics)
  calls.begin(analytics)
  return [analytics, Context.system()]
}

async function findSettings({ settings, options, fetch }: Beginning): Promise<FoundSettings> {
  const { disable, disableClientPersistence, cacheSettings = true, store, updateCDNSettings } = options
  const update = updateCDNSettings ?? ((cdnSettings: CDNSettings) => cdnSettings)
  if (settings.cdnSettings) return { cdnSettings: update(settings.cdnSettings) }
  const isCached = cacheSettings && !disableClientPersistence && typeof disable !== 'function'
  const cache = isCached ? (store ?? writingChanges(createLocalStore())) : createMemoryStore()
  const { from, reason, ...loaded } = await loadSettings({ ...settings, clock: hostClock, cache, fetch })
  const found = { cdnSettings: update(loaded.settings) }
  if (from !== 'fallback') return found
  console.warn('Settings could not be loaded; events go to the Tracking API all the same.', reason)
  return { ...found, failure: { reason } }
}

interface FoundSettings {
  readonly cdnSettings: CDNSettings
  /** Why the usual settings stand in. */
  readonly failure?: { readonly reason: unknown }
}

/** The destination of the Tracking API, unless it is switched off. */
function trackingAPI(analytics: Analytics, ofSource: Partial<SegmentioSettings>): SegmentioPlugin[] {
  const { 'Segment.io': ofPage, All } = analytics.integrations
  if (ofPage === false || (All === false && !ofPage)) return []
  const { integrations } = analytics.settings.cdnSettings
  return [segmentio(analytics, { ...ofSource, ...(isPlainObject(ofPage) && ofPage) }, integrations)]
}

async function followLink(analytics: Analytics, query: string): Promise<void> {
  try {
    const { callLink } = await import('./query-string/call-link')
    for (const sent of callLink(analytics, query)) sent.catch(console.error)
  } catch (reason) {
    console.error('The link of this page was not followed', reason)
  }
}

function environmentOf({ options, [clientStores]: stores }: Analytics) {
  const cookies = createUniversalStorage(stores, [options.disableClientPersistence ? 'memory' : 'cookie'])
  return createHostEnvironment({
    version,
    hints: options.highEntropyValuesClientHints,
    readCookie: stores.cookie.get,
    readAdReferrer: () => cookies.get(adReferrerKey),
    keepAdReferrer: (ad) => cookies.set(adReferrerKey, ad),
  })
}
