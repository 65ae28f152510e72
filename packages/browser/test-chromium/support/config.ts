import type { AnalyticsBrowserSettings, InitOptions } from '@sluice/browser'

/** What a page or a worker loads the library with. */
export interface Config {
  settings: AnalyticsBrowserSettings
  options: InitOptions
}

/** How events are put into requests. */
export type Strategy = 'standard' | 'batching'

export const strategies: Strategy[] = ['standard', 'batching']

export interface ConfigOptions {
  strategy?: Strategy | undefined
  /** How long a batch waits for more. Short, unless given, so that timers that should be gone do their harm in time. */
  batchWaitMs?: number
  options?: InitOptions
}

export function configFor(
  apiURL: string,
  { strategy = 'standard', batchWaitMs = 400, options }: ConfigOptions,
): Config {
  const deliveryStrategy =
    strategy === 'batching'
      ? ({ strategy, config: { size: 10, timeout: batchWaitMs } } as const)
      : ({ strategy } as const)
  return {
    settings: { writeKey: 'dev', cdnURL: apiURL },
    options: { ...options, integrations: { 'Segment.io': { deliveryStrategy } } },
  }
}
