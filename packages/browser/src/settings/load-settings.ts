import { isFunction, isString } from '@sluice/core'
import type { Clock, KeyValueStore } from '@sluice/core/internal'
import { withTimeLimit } from '@sluice/core/internal'
import type { CDNSettings } from './cdn-settings'
import { parseSettings } from './cdn-settings'
import { minimalSettings } from './minimal-settings'

export interface LoadSettingsOptions {
  readonly writeKey: string
  /** Base of the CDN, without a slash at its end. */
  readonly cdnURL: string
  readonly clock: Clock
  /** Where the settings of the last visit are kept; a store that holds nothing switches that off. */
  readonly cache: KeyValueStore
  fetch(url: string): Promise<SettingsResponse>
}

/** What is used of an answer. Tests and tools that replace `fetch` often leave out all but `ok`, or `text`, or `json`. */
export interface SettingsResponse {
  readonly ok?: boolean
  readonly status?: number
  text?(): Promise<unknown>
  json?(): Promise<unknown>
}

export interface LoadedSettings {
  readonly settings: CDNSettings
  /** `fallback`: the CDN could not be reached. What was kept from before serves to deliver events, at most. */
  readonly from: 'network' | 'cache' | 'fallback'
  /** Why the CDN could not be reached. */
  readonly reason?: unknown
  /** Asks on until settings come. */
  askOn?(): Promise<CDNSettings>
}

/** Longest wait for one answer, in ms. */
const timeLimit = 5_000

/** Waits before further tries, in ms. */
const retryDelays = [200, 1_000]

/** Waits while asking on, in ms: each twice as long as the one before, up to the longest. */
const firstWait = 5_000
const longestWait = 60_000

/** Larger settings are not kept: storage belongs to the site. In characters. */
const largestKept = 256 * 1024

/**
 * Gets the settings of a source. Those of the last visit are used at once and replaced in the background, for the next
 * one, unless they name something that runs in the page: any script can write where they are kept, and must not decide
 * what the next page loads. Otherwise the CDN is asked, three times at most.
 */
export async function loadSettings(options: LoadSettingsOptions): Promise<LoadedSettings> {
  const { writeKey, cdnURL, clock, cache, fetch } = options
  const url = `${cdnURL}/v1/projects/${encodeURIComponent(writeKey)}/settings`
  const key = `sluice:settings:v1:${cdnURL}:${writeKey}`

  const read = async () => {
    const response = await fetch(url)
    const { status = response.ok ? 200 : 0 } = response
    // Read in any case: until then a browser takes the request for one that is under way.
    const body = isFunction(response.text) ? await response.text() : await response.json?.()
    if (status >= 500 || status === 429) throw new Error(`${url} answered ${status}`)
    if (!(response.ok ?? status < 300)) return ''
    return isString(body) ? body : JSON.stringify(body ?? '')
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
  if (kept && runsNothing(kept)) {
    void ask([]).catch(() => {})
    return { settings: kept, from: 'cache' }
  }
  try {
    const settings = await ask(retryDelays)
    if (settings) return { settings, from: 'network' }
    throw new Error(`${url} answered no settings`)
  } catch (reason) {
    const askOn = async () => {
      for (let wait = firstWait; ; wait = Math.min(2 * wait, longestWait)) {
        await new Promise<void>((resolve) => clock.after(wait, resolve))
        const settings = await ask([]).catch(() => undefined)
        if (settings) return settings
      }
    }
    const settings = minimalSettings(writeKey, kept?.integrations['Segment.io'])
    return { settings, from: 'fallback', reason, askOn }
  }
}

function runsNothing({ integrations, remotePlugins, enabledMiddleware }: CDNSettings): boolean {
  const running = Object.keys(integrations).filter((name) => name !== 'Segment.io')
  return [running, remotePlugins, enabledMiddleware].every((some) => Object.keys(some ?? {}).length === 0)
}
