import { version } from '../version'
import type { SnippetOptions, SnippetPage } from './options'
import type { runSnippet } from './run-snippet'

/** Members of each window that keep no list: some hold text alone, others cannot be replaced. */
const membersOfWindows =
  /^(name|status|closed|length|window|self|top|parent|opener|frames|document|location|history|origin|external|event|toString|constructor|__proto__)$/

type WithoutFirst<Args> = Args extends [unknown, ...infer Rest] ? Rest : never

/** All arguments of the snippet but the page's globals. */
export type SnippetArguments = WithoutFirst<Parameters<typeof runSnippet>>

/** What the options mean to the snippet. */
export function snippetArguments(options: SnippetOptions): SnippetArguments {
  const { writeKey, host, src, globalKey = 'analytics', load = true, page = true, nonce, integrity } = options
  if (membersOfWindows.test(globalKey))
    throw new TypeError(
      `A snippet cannot use '${globalKey}' as globalKey: windows have a member of that name already`,
    )
  if (!writeKey) throw new TypeError('A snippet needs a write key')
  const base = host && baseOf(host)
  const address = src ?? (base && `${base}/analytics.js/v1/*/analytics.min.js`)
  if (!address) throw new TypeError('A snippet needs a host or a src to load the library from')
  return [
    globalKey,
    address,
    version,
    load === true ? [writeKey] : load ? [writeKey, load] : 0,
    page ? pageArguments(page === true ? {} : page) : 0,
    base,
    nonce,
    integrity,
  ]
}

/** The base of all addresses below a host, with no slash at its end. */
function baseOf(host: string): string {
  const given = host.trim()
  const [scheme] = /^[a-z][a-z\d+.-]*:\/\//i.exec(given) ?? []
  try {
    const { protocol, href, search, hash } = new URL(scheme ? given : `https://${given.replace(/^\/\//, '')}`)
    if (/^https?:$/.test(protocol) && !search && !hash) return href.replace(/\/+$/, '')
  } catch {
    // Said below.
  }
  throw new TypeError(
    `'${host}' is no host: give a name such as cdn.example.com, or an address of http or https`,
  )
}

function pageArguments({ category, name, properties }: SnippetPage): unknown[] {
  return [category, name, properties].filter((one) => one !== undefined)
}
