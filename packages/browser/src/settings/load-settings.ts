import type { Clock, KeyValueStore } from '@sluice/core/internal'
import { withTimeLimit } from '@sluice/core/internal'
import type { CDNSettings } from './cdn-settings'
import { minimalSettings, parseSettings } from './cdn-settings'

export interface LoadSettingsOptions {
  readonly writeKey: string
  /** Base of the CDN, without a slash at its end. */
  readonly cdnURL: string
  readonly clock: Clock
  /** Where the settings of the last visit are kept; a store that holds nothing switches that off. */
  readonly cache: KeyValueStore
  fetch(url: string): Promise<{ readonly ok: boolean; readonly status: number; text(): Promise<string> }>
}

export interface LoadedSettings {
  readonly settings: CDNSettings
  /** `fallback`: the CDN could not be reached, and nothing was kept from before. */
  readonly from: 'network' | 'cache' | 'fallback'
  /** Why the CDN could not be reached. */
  readonly reason?: unknown
}

/** Longest wait for one answer, in ms. */
const timeLimit = 5_000

/** Waits before further tries, in ms. */
const retryDelays = [200, 1_000]

/** Larger settings are not kept: storage belongs to the site. In characters. */
const largestKept = 256 * 1024

/**
 * Gets the settings of a source. Those of the last visit are used at once and replaced in the background, for the next
 * one. Without them the CDN is asked, three times at most; if it does not answer, events still go to the Tracking API.
 */
export async function loadSettings(options: LoadSettingsOptions): Promise<LoadedSettings> {
  const { writeKey, cdnURL, clock, cache, fetch } = options
  const url = `${cdnURL}/v1/projects/${writeKey}/settings`
  const key = `sluice:settings:v1:${cdnURL}:${writeKey}`

  const read = async () => {
    const response = await fetch(url)
    if (response.status >= 500 || response.status === 429)
      throw new Error(`${url} answered ${response.status}`)
    return response.ok ? response.text() : ''
  }

  /** Nothing if there was an answer and it is not settings: to ask again would not help. */
  const ask = async ([delay, ...later]: readonly number[]): Promise<CDNSettings | undefined> => {
    try {
      const text = await withTimeLimit(read(), { clock, ms: timeLimit }, 'The request for settings')
      const settings = parseSettings(text)
      // Written only when it is news: most visits find what they left.
      if (settings && text.length <= largestKept && cache.get(key) !== text) cache.set(key, text)
      return settings
    } catch (reason) {
      if (delay === undefined) throw reason
      await new Promise<void>((resolve) => clock.after(delay, resolve))
      return ask(later)
    }
  }

  const kept = parseSettings(cache.get(key) ?? '')
  if (kept) {
    void ask([]).catch(() => {})
    return { settings: kept, from: 'cache' }
  }
  try {
    const settings = await ask(retryDelays)
    if (settings) return { settings, from: 'network' }
    throw new Error(`${url} answered no settings`)
  } catch (reason) {
    return { settings: minimalSettings(writeKey), from: 'fallback', reason }
  }
}
