import type { IntegrationsOptions, Plan } from '@sluice/core'
import type { KeyValueStore } from '@sluice/core/internal'
import type { HighEntropyHint } from './environment/client-hints'
import type { FetchConfig } from './http/fetch-transport'
import type { HttpConfig } from './http/http-config'
import type { UserOptions } from './identity/options'
import type { LinkPatterns } from './query-string/parse-query-string'
import type { CDNSettings } from './settings/cdn-settings'
import type { CookieOptions } from './storage/cookie-store'
import type { StorageSettings } from './storage/stores'

/** What a client needs to know to begin. */
export interface AnalyticsSettings {
  /** The source's write key. */
  writeKey: string
  /** The source's settings, if you have them: then none are fetched. */
  cdnSettings?: CDNSettings | undefined
  /** Where settings and destinations are loaded from. @default where this library was loaded from, or `https://cdn.segment.com` */
  cdnURL?: string | undefined
}

/** How events are put into requests. */
export type DeliveryStrategy =
  | {
      /** One request for each event. */
      strategy?: 'standard'
      config?: FetchConfig
    }
  | {
      /** Several events in one request. */
      strategy: 'batching'
      config?: FetchConfig & BatchingConfig
    }

export interface BatchingConfig {
  /** Events in a batch. @default 10 */
  size?: number
  /** The longest an event waits for others, in ms. @default 5000 */
  timeout?: number
  /** Retries of a batch that failed. @default 10 */
  maxRetries?: number
}

/** How events are delivered to the Tracking API. What is given goes over the settings of the source. */
export interface SegmentioIntegrationInitOptions {
  /** Host and base path. @default 'api.segment.io/v1' */
  apiHost?: string
  /** @default 'https' */
  protocol?: 'http' | 'https'
  /** @default { strategy: 'standard' } */
  deliveryStrategy?: DeliveryStrategy
  /** Retries, waits and what statuses mean. The settings of the source go before it, field by field. */
  httpConfig?: HttpConfig
}

/** Settings of the Tracking API's destination, as the source has them. */
export interface SegmentioSettings extends SegmentioIntegrationInitOptions {
  /** The write key that events carry. */
  apiKey: string
  addBundledMetadata?: boolean
  unbundledIntegrations?: string[]
  bundledConfigIds?: string[]
  unbundledConfigIds?: string[]
  maybeBundledConfigIds?: Record<string, string[]>
  /** Whether events are tried again. @default true */
  retryQueue?: boolean
}

/** Switches destinations on and off, and gives them settings that go over those of the source. */
export interface IntegrationsInitOptions extends IntegrationsOptions {
  'Segment.io'?: (SegmentioIntegrationInitOptions & Record<string, unknown>) | boolean
}

/** Which ids and events links may bring, by `ajs_` parameters of the page's address. */
export type QueryStringOptions = boolean | LinkPatterns

/** As a method, so that packages which describe the settings in types of their own may ask, too. */
interface Asked {
  disable(settings: CDNSettings): boolean | Promise<boolean>
}

/** The ways in which a client may behave where nothing else is said, by the month since which they are the latest. */
export type DefaultsVersion = 'segment' | '2026-12'

/** The second argument of `load`. */
export interface InitOptions {
  /**
   * How the client behaves where nothing else is said: `'segment'` as Segment's library does, a date as is best since
   * then; `docs/defaults.md` lists the differences.
   * @default 'segment'
   */
  defaults?: DefaultsVersion
  /** Keep nothing on the visitor's device: no cookies, no localStorage. @default false */
  disableClientPersistence?: boolean
  /** Leave strings that look like dates as they are when destinations of the first generation get them. @default false */
  disableAutoISOConversion?: boolean
  /** Call `page()` at once, with the page as it is when `load` is called. @default false */
  initialPageview?: boolean
  /** Attributes of the cookies. */
  cookie?: CookieOptions
  /** Where ids are kept, the first choice first. */
  storage?: StorageSettings
  /**
   * What to keep ids and unsent events in instead of localStorage: for workers and extensions, which have none.
   * Events that one client leaves behind are taken over by the next that gets the same store.
   * @default the page's localStorage; memory where there is none
   */
  store?: KeyValueStore
  user?: UserOptions
  group?: UserOptions
  /** Switches destinations on and off, and gives them settings. */
  integrations?: IntegrationsInitOptions
  /** Which events are planned, and which destinations get them. */
  plan?: Plan | undefined
  /** Try again what failed. @default the setting of the source, or true */
  retryQueue?: boolean
  /** Hide the names of destinations in the addresses of their scripts. @default false */
  obfuscate?: boolean
  /** Changes the settings of the source before they are used; what it returns stands for them. */
  updateCDNSettings?(settings: CDNSettings): CDNSettings
  /** What the `ajs_` parameters of the page's address may do. @default true */
  useQueryString?: QueryStringOptions
  /** What to ask the browser for beyond what it tells everybody. */
  highEntropyValuesClientHints?: HighEntropyHint[]
  /** Name of the global that holds the client. @default 'analytics' */
  globalAnalyticsKey?: string
  /**
   * Do nothing: send nothing, keep nothing, load nothing of others. As a function of the source's settings it is asked before
   * anything is kept or sent; calls wait for its answer.
   * @default false
   */
  disable?: boolean | Asked['disable']
  /**
   * Use the settings of the last visit until new ones have come, unless they name destinations or middleware of the page:
   * what runs there is never taken from storage.
   * @default true
   */
  cacheSettings?: boolean
  /** How long a plugin may take to load, and each of its hooks to answer, in ms. `0`: for ever. @default 30_000 */
  pluginTimeout?: number
  /**
   * How long events wait for scripts of destinations (`remotePlugins`) that may have to see them before they are sent, in
   * ms, all scripts together; destinations miss none of them, however late they come.
   *
   * By default events wait a second, and only for a script whose settings ask for an action that is known to see events
   * before they are sent, or that has brought one the last time; not again for one that did not come in time.
   * With a time of the page's own they wait for every script that has not shown that it brings nothing but destinations:
   * for pages whose destinations of their own add something to events.
   * @default 1000
   */
  remotePluginWait?: number
  /** Compress requests where the browser can. The server must understand `Content-Encoding: gzip`. @default false */
  gzip?: boolean
}
