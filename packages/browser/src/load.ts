import { ContextCancelation, isPlainObject } from '@sluice/core'
import { createMemoryStore, hostClock } from '@sluice/core/internal'
import { Analytics, clientStores } from './analytics'
import { Context } from './context'
import { createHostEnvironment } from './environment/host-environment'
import { EventQueue } from './event-queue'
import { getGlobalAnalytics, setGlobalAnalyticsKey } from './global-analytics'
import { isServer } from './is-server'
import { NullAnalytics } from './null-analytics'
import type { AnalyticsBrowserSettings, InitOptions, SegmentioSettings } from './options'
import { createPageKeeper } from './outbox/page-keeper'
import { createPageEnrichment } from './plugins/page-enrichment'
import { segmentio } from './plugins/segmentio'
import type { Plugin } from './plugins/types'
import { cdnBase } from './settings/cdn-base'
import type { CDNSettings } from './settings/cdn-settings'
import { loadSettings } from './settings/load-settings'
import { createLocalStore } from './storage/local-store'
import { createUniversalStorage } from './storage/stores'
import { version } from './version'

/** The calls that were made before there was a client to take them. */
export interface WaitingCalls {
  /** Calls that send events or tell who the visitor is can be made. Their events wait until the client is complete. */
  begin(analytics: Analytics): void
  /** The library's own plugins are there: those of the application can follow. Resolves when they have loaded. */
  setUp(analytics: Analytics): Promise<void>
}

/** A client whose events wait until it is opened. */
interface Client {
  readonly analytics: Analytics
  open(): void
}

const adReferrerKey = 's:context.referrer'

/**
 * Brings a client to life. It takes calls at once, unless something has to be found out first: whether it is disabled, or
 * what the page's address says of the visitor.
 */
export async function load(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
  calls: WaitingCalls,
): Promise<[Analytics, Context]> {
  const { disable, globalAnalyticsKey } = options
  if (disable === true || isServer()) return inert(calls)
  if (globalAnalyticsKey) setGlobalAnalyticsKey(globalAnalyticsKey)
  const query = linkQuery(options)
  const cdnURL = cdnBase({ cdnURL: settings.cdnURL, fromSnippet: snippetCDN(), scripts })
  const create = () => createClient({ ...settings, cdnURL }, options)
  // Nothing may be kept before it is known that the client is not disabled.
  let client = typeof disable === 'function' ? undefined : create()
  if (client && !query) calls.begin(client.analytics)
  try {
    const cdnSettings = await findSettings({ ...settings, cdnURL }, options, client?.analytics)
    if (typeof disable === 'function' && (await disable(cdnSettings))) return inert(calls)
    client ??= create()
    return [client.analytics, await complete(client, cdnSettings, settings.plugins ?? [], query, calls)]
  } catch (reason) {
    refuseEvents(client ?? { analytics: new NullAnalytics(), open() {} }, reason, calls)
    throw reason
  }
}

function createClient(
  { writeKey, cdnURL, cdnSettings }: AnalyticsBrowserSettings,
  options: InitOptions,
): Client {
  const queue = new EventQueue({ pluginTimeout: options.pluginTimeout ?? 30_000 })
  const analytics: Analytics = new Analytics(
    { writeKey, ...(cdnURL && { cdnURL }), ...(cdnSettings && { cdnSettings }) },
    { ...options },
    queue,
  )
  queue.keeper = createPageKeeper(analytics)
  let open = () => {}
  void queue.criticalTasks.run(
    () =>
      new Promise<void>((resolve) => {
        open = resolve
      }),
  )
  return { analytics, open }
}

async function findSettings(
  { writeKey, cdnURL = '', cdnSettings }: AnalyticsBrowserSettings,
  { disable, disableClientPersistence, cacheSettings = true, store, updateCDNSettings }: InitOptions,
  analytics: Analytics | undefined,
): Promise<CDNSettings> {
  const update = updateCDNSettings ?? ((settings: CDNSettings) => settings)
  if (cdnSettings) return update(cdnSettings)
  const isCached = cacheSettings && !disableClientPersistence && typeof disable !== 'function'
  const loaded = await loadSettings({
    writeKey,
    cdnURL,
    clock: hostClock,
    cache: isCached ? (store ?? createLocalStore()) : createMemoryStore(),
    fetch: (url) => fetch(url),
  })
  if (loaded.from === 'fallback') {
    console.warn('Settings could not be loaded; events go to the Tracking API all the same.', loaded.reason)
    analytics?.emit('error', { code: 'settings_failure', reason: loaded.reason })
  }
  return update(loaded.settings)
}

async function complete(
  { analytics, open }: Client,
  cdnSettings: CDNSettings,
  given: NonNullable<AnalyticsBrowserSettings['plugins']>,
  query: string,
  calls: WaitingCalls,
): Promise<Context> {
  const { options, queue } = analytics
  const { integrations } = cdnSettings
  const ofSource = integrations['Segment.io'] as Partial<SegmentioSettings> | undefined
  const ofPage = options.integrations?.['Segment.io']
  analytics.settings.cdnSettings = cdnSettings
  queue.isRetrying = options.retryQueue ??= ofSource?.retryQueue ?? true

  const plugins: Plugin[] = [createPageEnrichment(environmentOf(analytics))]
  if (ofPage !== false && (ofPage || options.integrations?.All !== false)) {
    plugins.push(segmentio(analytics, { ...ofSource, ...(isPlainObject(ofPage) && ofPage) }, integrations))
  }
  for (const plugin of given) if (typeof plugin === 'object') plugins.push(plugin)
  const ctx = await analytics.register(...plugins)
  await calls.setUp(analytics)

  analytics.initialized = true
  analytics.emit('initialize', analytics.settings, options)
  if (query) await followLink(analytics, query)
  calls.begin(analytics)
  open()
  return ctx
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

function inert(calls: WaitingCalls): [Analytics, Context] {
  const analytics = new NullAnalytics()
  void calls.setUp(analytics)
  calls.begin(analytics)
  return [analytics, Context.system()]
}

/** Whoever waits for an event hears why it will not be sent. */
function refuseEvents({ analytics, open }: Client, cause: unknown, calls: WaitingCalls): void {
  const refuse = () => {
    throw new ContextCancelation({
      retry: false,
      type: 'load_failure',
      reason: `The client could not be loaded: ${cause}`,
    })
  }
  analytics.queue.plugins = [
    {
      name: 'Load',
      type: 'before',
      isLoaded: () => true,
      load: () => Promise.resolve(),
      track: refuse,
      page: refuse,
      screen: refuse,
      identify: refuse,
      group: refuse,
      alias: refuse,
    },
  ]
  void calls.setUp(analytics)
  calls.begin(analytics)
  open()
}

/** The part of the page's address that may ask for calls, or nothing if it asks for none. */
function linkQuery({ useQueryString }: InitOptions): string {
  if (useQueryString === false || typeof location === 'undefined') return ''
  const { search, hash } = location
  const query = search || /\?[^?]*$/.exec(hash)?.[0] || ''
  return query.includes('ajs_') ? query : ''
}

function snippetCDN(): string | undefined {
  const global: object | undefined = getGlobalAnalytics()
  const cdn: unknown = global && Reflect.get(global, '_cdn')
  return typeof cdn === 'string' ? cdn : undefined
}

function* scripts(): Iterable<string> {
  if (typeof document !== 'undefined') for (const { src } of document.scripts) yield src
}
