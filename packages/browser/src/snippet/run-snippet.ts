import type { Analytics } from '../analytics'

/**
 * What a snippet puts on the page. When the library has taken over, the same global holds the client, and calls of the
 * list are calls of the client.
 */
export type SnippetList = ListProperties & {
  readonly [Method in StubName]: (...args: Parameters<Analytics[Method]>) => unknown
}

type StubName =
  | ('track' | 'screen' | 'alias' | 'group' | 'page' | 'identify' | 'pageview')
  | ('trackSubmit' | 'trackClick' | 'trackLink' | 'trackForm')
  | ('reset' | 'ready' | 'debug' | 'once' | 'off' | 'on' | 'setAnonymousId' | 'register')
  | ('addSourceMiddleware' | 'addDestinationMiddleware')

interface ListProperties extends Array<unknown> {
  initialize?: unknown
  initialized?: boolean
  invoked?: boolean
  methods: string[]
  factory(method: string): Stub
  load(writeKey: string, options?: object): void
  SNIPPET_VERSION: string
  _writeKey?: string
  _loadOptions?: object | undefined
  _cdn?: string
}

type Stub = (...args: unknown[]) => unknown

/** The page's globals, as far as a snippet knows them. */
interface Globals {
  readonly trustedTypes: { createPolicy(name: string, rules: Policy): Policy }
  [key: string]: unknown
}

interface Policy {
  createScriptURL(url: string): string
}

/**
 * Puts a list on the page that takes calls until the library is there, and loads the library.
 *
 * This is the text of every snippet: it uses nothing from elsewhere, and every page pays for every character.
 * `node scripts/write-snippet.mjs` writes `snippet-text.ts` from it.
 *
 * @param key Name of the global.
 * @param src Address of the library; `*` stands for the write key.
 * @param version Of the snippet.
 * @param load Arguments of `load`, if it is to be called.
 * @param page Arguments of `page`, if it is to be called.
 * @param cdn Where settings and destinations are loaded from.
 * @param nonce Of the library's script, if not that of the snippet's own.
 * @param integrity Hash of the library's script.
 */
export function runSnippet(
  globals: Globals,
  key: string,
  src: string,
  version: string,
  load?: [writeKey: string, options?: object] | 0,
  page?: unknown[] | 0,
  cdn?: string | 0,
  nonce?: string | 0,
  integrity?: string,
): SnippetList {
  // Elements and frames of that name are no list: only scripts make a global the page's own.
  type List = SnippetList & Record<string, Stub | undefined>
  const list = ((Object.hasOwn(globals, key) && globals[key]) || []) as List
  // Elements may have the names of the document's members, too. What is no text is left out by the library.
  const find = (selector: string): Element | null => Document.prototype.querySelector.call(document, selector)
  if (list.initialize) return list
  if (list.invoked) {
    console.error('Duplicate snippet')
    return list
  }
  globals[key] = list
  list.invoked = true
  list.SNIPPET_VERSION = version
  // Those that happen on a page come first.
  list.methods =
    'track screen alias group page identify trackSubmit trackClick trackLink trackForm pageview reset ready debug once off on addSourceMiddleware addIntegrationMiddleware setAnonymousId addDestinationMiddleware register'.split(
      ' ',
    )
  list.factory =
    (method) =>
    (...args) => {
      const client = globals[key] as List
      if (client.initialized) return client[method]?.(...args)
      if (list.methods.indexOf(method) < 6) {
        args.push({
          __t: 'bpc',
          c: find('link[rel=canonical]')?.getAttribute('href'),
          p: location.pathname,
          u: location.href,
          s: location.search,
          t: document.title,
          r: document.referrer,
        })
      }
      list.push([method, ...args])
      return list
    }
  list.methods.map((method) => (list[method] = list.factory(method)))
  nonce ||= document.currentScript?.nonce
  let policy: Policy = { createScriptURL: (url) => url }
  try {
    // Here, because a page has each policy once, and `load` may be called again. The library goes on with it.
    policy = globals.trustedTypes.createPolicy('sluice', policy)
  } catch {}
  list.load = (writeKey, options) => {
    list._writeKey = writeKey
    list._loadOptions = options
    if (cdn) list._cdn = cdn
    const script = document.createElement('script')
    script.dataset.globalSegmentAnalyticsKey = key
    if (nonce) script.nonce = nonce
    if (integrity) {
      script.crossOrigin = ''
      script.integrity = integrity
    }
    try {
      // The page may not allow the address. Calls wait all the same.
      Object.assign(script, {
        async: true,
        policy,
        src: policy.createScriptURL(src.replace('*', () => encodeURIComponent(writeKey))),
      })
      ;(find('head') || find('*'))?.append(script)
    } catch (reason) {
      console.error(reason)
    }
  }
  if (load) list.load(...load)
  if (page) list.factory('page')(...page)
  return list
}
