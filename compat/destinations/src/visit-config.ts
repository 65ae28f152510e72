import type { AnalyticsBrowserSettings, InitOptions } from '@segment/analytics-next'

/** Options of either library. */
export interface Options extends InitOptions {
  /** Of ours: how long events wait for scripts that may change them, in ms. Under Segment's they wait for ever. */
  remotePluginWait?: number | undefined
  /** Of ours: how long a destination may take to load, in ms. Under Segment's it may take for ever. */
  pluginTimeout?: number
}

/** A method of the client, and its arguments. */
export type Call = readonly [
  method: 'track' | 'page' | 'identify' | 'group' | 'alias' | 'reset',
  ...args: unknown[],
]

/** How a call ended. */
export interface CallResult {
  readonly type: string
  /** Of a `track` call. */
  readonly name?: string
  readonly messageId?: string
  /** Of the event, when all plugins were through with it. */
  readonly integrations?: Record<string, unknown>
  readonly error?: string
  /** The call has not ended. */
  readonly isOpen?: boolean
}

/** What the page is told. */
export interface Config {
  readonly settings: AnalyticsBrowserSettings
  readonly options: Options
  /** Names of destinations of the first generation that the page imports. */
  readonly classicFromNPM: readonly string[]
  /** Destinations of the second generation that the application brings. */
  readonly factories: readonly { readonly name: string; readonly libraryName: string; readonly url: string }[]
  readonly calls: readonly Call[]
  /** One call after the other, each awaited, when the destinations are ready; or all at the moment when the client is there. */
  readonly pace: 'in turn' | 'at once'
}
