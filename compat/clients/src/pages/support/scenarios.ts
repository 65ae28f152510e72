import type { AnalyticsBrowserSettings, InitOptions } from '@segment/analytics-next'

/** What a scenario is given. */
export interface Surroundings {
  /** With the write key, and where the settings of the source are. */
  settings: AnalyticsBrowserSettings
  options: InitOptions
  /** A server of the client's vendor, which answers everything with an empty object. */
  vendorURL: string
}

/** What a page does with a client; what it answers is compared between the libraries. */
export type Scenario = (surroundings: Surroundings) => unknown

declare global {
  interface Window {
    scenarios: Record<string, Scenario>
    /** Names of the events that a destination of the site was handed, where it has one that tells. */
    received?: string[]
  }
}

/** Leaves the scenarios on the page, for the test to run one of them. */
export function offer(scenarios: Record<string, Scenario>): void {
  window.scenarios = scenarios
}
