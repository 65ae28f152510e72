import { hostClock } from '@sluice/core/internal'
import { createAcceptor } from './acceptor'
import type { Analytics } from './analytics'
import type { Beginning, WaitingCalls } from './beginning'
import type { AnalyticsBrowserSettings } from './browser-settings'
import type { Context } from './context'
import { readGlobal, setGlobalAnalyticsKey } from './global-key'
import { fetchThere } from './http/fetch-there'
import { isServer } from './is-server'
import { leaveEarly } from './leave-early'
import type { InitOptions } from './options'
import { ownFields } from './own-fields'
import { isPrerendered, ofPage } from './past-markup'
import { cdnBase } from './settings/cdn-base'
import { fencedStore } from './storage/fenced-store'

/** Waits before the rest of the library is asked for again, in ms. */
const retryDelays = [1_000, 5_000]

/**
 * Brings a client to life. Calls are accepted at once, unless something has to be found out first: whether the client is
 * disabled, or what the page's address says of the visitor. The client itself is loaded meanwhile, beside the settings.
 */
export async function load(
  given: AnalyticsBrowserSettings,
  givenOptions: InitOptions,
  calls: WaitingCalls,
): Promise<[Analytics, Context]> {
  const options = ownFields(givenOptions)
  if (options.integrations) options.integrations = ownFields(options.integrations)
  if (options.store) options.store = fencedStore(options.store)
  const isInert = options.disable === true || isServer()
  // First, because the network takes longest.
  const client = importAgain(() => import('./complete'))
  client.catch(() => {})
  // Nobody looks at a page that may be shown later: its calls wait.
  if (isPrerendered()) {
    const listen = ofPage('addEventListener')
    await new Promise((shown) => listen?.('prerenderingchange', shown, { once: true }))
  }
  setGlobalAnalyticsKey(options.globalAnalyticsKey)
  const query = linkQuery(options)
  const own = ownFields(given)
  const settings = Object.assign(own, { cdnURL: findCDN(own) })
  const fetch = isInert || settings.cdnSettings ? globalThis.fetch : fetchAhead(settings)
  // Nothing may be kept before it is known that the client is not disabled.
  const mayAccept = !isInert && !query && typeof options.disable !== 'function'
  const acceptor = mayAccept ? createAcceptor(settings.writeKey, options) : undefined
  if (acceptor) calls.accept(acceptor)
  const early = acceptor && leaveEarly({ settings, options }, calls.first, acceptor)
  const beginning = { settings, options, calls, query, acceptor, early, fetch }
  const { complete } = await client
  return complete(beginning, isInert)
}

async function importAgain<Chunk>(load: () => Promise<Chunk>): Promise<Chunk> {
  for (const delay of retryDelays) {
    try {
      return await load()
    } catch {
      await new Promise<void>((resolve) => hostClock.after(delay, resolve))
    }
  }
  return load()
}

/** Asks for the settings at once: they come while the client is loaded. */
function fetchAhead({ writeKey, cdnURL }: Beginning['settings']): Beginning['fetch'] {
  const url = `${cdnURL}/v1/projects/${encodeURIComponent(writeKey)}/settings`
  let ahead: Promise<Response> | undefined = fetchThere(url)
  ahead.catch(() => {})
  return (url) => {
    const answer = ahead ?? fetchThere(url)
    ahead = undefined
    return answer
  }
}

function linkQuery({ useQueryString }: InitOptions): string {
  if (useQueryString === false || typeof location === 'undefined') return ''
  const { search, hash } = location
  const query = search || /\?[^?]*$/.exec(hash)?.[0] || ''
  return /[?&]ajs_/.test(query) ? query : ''
}

function findCDN({ cdnURL }: AnalyticsBrowserSettings): string {
  const global = Object(readGlobal())
  if (cdnURL) Reflect.set(global, '_cdn', cdnURL)
  return cdnBase(cdnURL || (Object.hasOwn(global, '_cdn') && Reflect.get(global, '_cdn')))
}
