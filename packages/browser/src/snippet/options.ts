import type { InitOptions } from '../options'

/** What a snippet is made with. */
export type SnippetOptions = SnippetSource & {
  /** The source's write key. */
  writeKey: string
  /** Name of the global that holds the client. @default 'analytics' */
  globalKey?: string
  /**
   * Whether `load` is called at once, and with which options. Otherwise the page calls `analytics.load(writeKey)` itself,
   * for example when the visitor has agreed. @default true
   */
  load?: boolean | InitOptions
  /** Whether `page` is called at once, and with what. @default true */
  page?: boolean | SnippetPage
  /** Nonce of the library's script. @default that of the script which the snippet is in; for modules, that of the page */
  nonce?: string
  /** Hash of the library's script, as `sha384-…`: the browser runs nothing else. */
  integrity?: string
}

/** What `page` is called with. */
export type SnippetPage = { properties?: Record<string, unknown> } & (
  | { category?: undefined; name?: string }
  | { category: string; name: string }
)

/** Where the library is. */
type SnippetSource =
  | {
      /**
       * A host that serves the library at `/analytics.js/v1/<write key>/analytics.min.js` and settings at
       * `/v1/projects/<write key>/settings`; its name or its whole base address.
       */
      host: string
      /** Address of the script, if it is another. `*` stands for the write key. */
      src?: string
    }
  | { host?: undefined; src: string }
