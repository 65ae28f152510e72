import { hostClock } from '@sluice/core/internal'
import { type Acceptor, createAcceptor } from './acceptor'
import type { Analytics } from './analytics'
import type { Context } from './context'
import { getGlobalAnalytics, setGlobalAnalyticsKey } from './global-analytics'
import { isServer } from './is-server'
import type { AnalyticsBrowserSettings, InitOptions } from './options'
import { cdnBase } from './settings/cdn-base'

/** The calls that are made before the client is complete. */
export interface WaitingCalls {
  /** Calls can be accepted, though nothing is sent yet. */
  accept(acceptor: Acceptor): void
  /** The library's own plugins are there: those of the application can follow. Resolves when they have loaded. */
  setUp(analytics: Analytics): Promise<void>
  /** The client is complete. */
  begin(analytics: Analytics): void
}

/** What is known when `load` is called. */
export interface Beginning {
  readonly settings: AnalyticsBrowserSettings & { readonly cdnURL: string }
  readonly options: InitOptions
  readonly calls: WaitingCalls
  /** Whether the client will do nothing. */
  readonly isInert: boolean
  /** The part of the page's address that asks for calls, or nothing if it asks for none. */
  readonly query: string
  /** Has taken calls already, unless something has to be asked before there may be any. */
  readonly acceptor: Acceptor | undefined
  fetch(url: string): Promise<Response>
}

/** Waits before the rest of the library is asked for again, in ms. */
const retryDelays = [1_000, 5_000]

/**
 * Brings a client to life. Calls are accepted at once, unless something has to be found out first: whether the client is
 * disabled, or what the page's address says of the visitor. The client itself is loaded meanwhile, beside the settings.
 */
export async function load(
  given: AnalyticsBrowserSettings,
  options: InitOptions,
  calls: WaitingCalls,
): Promise<[Analytics, Context]> {
  const isInert = options.disable === true || isServer()
  setGlobalAnalyticsKey(options.globalAnalyticsKey)
  const query = linkQuery(options)
  const settings = { ...given, cdnURL: findCDN(given) }
  // Nothing may be kept before it is known that the client is not disabled.
  const mayAccept = !isInert && !query && typeof options.disable !== 'function'
  const acceptor = mayAccept ? createAcceptor(settings.writeKey, options) : undefined
  if (acceptor) calls.accept(acceptor)
  const fetch = isInert || settings.cdnSettings ? globalThis.fetch : fetchAhead(settings)
  const { complete } = await importComplete()
  return complete({ settings, options, calls, isInert, query, acceptor, fetch })
}

async function importComplete() {
  for (const delay of retryDelays) {
    try {
      return await import('./complete')
    } catch {
      await new Promise<void>((resolve) => hostClock.after(delay, resolve))
    }
  }
  return import('./complete')
}

/** Asks for the settings at once: they come while the client is loaded. */
function fetchAhead({ writeKey, cdnURL }: Beginning['settings']): Beginning['fetch'] {
  let ahead: Promise<Response> | undefined = fetch(`${cdnURL}/v1/projects/${writeKey}/settings`)
  ahead.catch(() => {})
  return (url) => {
    const answer = ahead ?? fetch(url)
    ahead = undefined
    return answer
  }
}

function linkQuery({ useQueryString }: InitOptions): string {
  if (useQueryString === false || typeof location === 'undefined') return ''
  const { search, hash } = location
  const query = search || /\?[^?]*$/.exec(hash)?.[0] || ''
  return query.includes('ajs_') ? query : ''
}

function findCDN({ cdnURL }: AnalyticsBrowserSettings): string {
  const snippet: object = getGlobalAnalytics() ?? {}
  const fromSnippet: unknown = Reflect.get(snippet, '_cdn')
  return cdnBase({ cdnURL, fromSnippet: typeof fromSnippet === 'string' ? fromSnippet : undefined, scripts })
}

function* scripts(): Iterable<string> {
  if (typeof document !== 'undefined') for (const { src } of document.scripts) yield src
}
