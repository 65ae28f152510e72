import type { Analytics } from './analytics'

let key = 'analytics'

/** Names the global that holds the client, if it has another name than before. */
export function setGlobalAnalyticsKey(name = key): void {
  key = name
}

/** The client that a snippet put on the page, if there is one. */
export function getGlobalAnalytics(): Analytics | undefined {
  return globals()[key] as Analytics | undefined
}

export function setGlobalAnalytics(analytics: unknown): void {
  globals()[key] = analytics
}

const globals = () => globalThis as unknown as Record<string, unknown>
