import type { AnalyticsBrowserSettings, InitOptions } from '@sluice/browser'

/** What a page or a worker loads the library with. */
export interface Config {
  settings: AnalyticsBrowserSettings
  options: InitOptions
}

/** How events are put into requests. */
export type Strategy = 'standard' | 'batching'

export const strategies: Strategy[] = ['standard', 'batching']

/** Short, so that a timer that should be gone has its chance to do harm within the test. */
const batchWaitMs = 400

export function configFor(strategy: Strategy, apiURL: string, options: InitOptions = {}): Config {
  const deliveryStrategy =
    strategy === 'batching'
      ? ({ strategy, config: { size: 10, timeout: batchWaitMs } } as const)
      : ({ strategy } as const)
  return {
    settings: { writeKey: 'dev', cdnURL: apiURL },
    options: { ...options, integrations: { 'Segment.io': { deliveryStrategy } } },
  }
}
