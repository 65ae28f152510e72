import type { AnalyticsBrowserSettings, InitOptions } from '@segment/analytics-next'

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
}

/** What the page is told. */
export interface Config {
  readonly settings: AnalyticsBrowserSettings
  readonly options: InitOptions
  /** Names of destinations of the first generation that the page imports. */
  readonly classicFromNPM: readonly string[]
  readonly calls: readonly Call[]
  /** One call after the other, each awaited, when the client is there; or all in the moment in which `load` is called. */
  readonly pace: 'in turn' | 'at once'
}
