import type { Clock, KeyValueStore } from '@sluice/core/internal'
import { hostClock, hostRandomness } from '@sluice/core/internal'
import { decodeCookie, encodeCookieName, encodeCookieValue } from './cookie-codec'
import { registrableDomain } from './cookie-domain'
import { cookieText, writeCookie } from './cookie-text'
import { guarded } from './guarded'

export interface CookieOptions {
  /** Days until the cookie expires, counted from the visitor's last visit. @default 365 */
  maxage?: number | undefined
  /** @default the widest domain that the browser accepts, so that subdomains share the cookie */
  domain?: string | undefined
  /** @default '/' */
  path?: string | undefined
  /** @default false */
  secure?: boolean | undefined
  /** @default 'Lax' */
  sameSite?: string | undefined
}

/** Nobody asks for all cookies of a page: most are not ours. */
export type CookieStore = Omit<KeyValueStore, 'keys'>

const dayMs = 86_400_000

/**
 * The page's cookies. A cookie that holds the value already is written again only to renew its lifetime: at the first
 * `set` after the page has loaded, and once a day on pages that stay open.
 */
export function createCookieStore(
  options: CookieOptions = {},
  clock: Pick<Clock, 'now'> = hostClock,
): CookieStore {
  const { maxage = 365, path = '/', sameSite = 'Lax', secure } = options
  const lifetimeMs = maxage * dayMs
  const renewAt = new Map<string, number>()
  // Only writing needs to know the domain: to find it out takes a few cookies.
  let shared: Pick<CookieOptions, 'domain'> | undefined = 'domain' in options ? options : undefined

  const domain = () => {
    shared ??= { domain: guarded(() => registrableDomain(location.hostname, acceptsCookies)) }
    return shared.domain
  }

  function write(key: string, value: string, expiresAt: number, on?: string): void {
    const name = encodeCookieName(key)
    const expires = new Date(expiresAt).toUTCString()
    const attributes = `path=${path}; expires=${expires}; SameSite=${sameSite}`
    const further = `${on ? `; domain=${on}` : ''}${secure ? '; Secure' : ''}`
    writeCookie(`${name}=${encodeCookieValue(value)}; ${attributes}${further}`)
  }

  const erase = (key: string, on?: string) => write(key, '', 0, on)

  function acceptsCookies(candidate: string): boolean {
    // One that another page has left must not be taken for ours.
    const mark = hostRandomness.uuid()
    write('__tld__', mark, clock.now() + dayMs, candidate)
    const accepted = all('__tld__').includes(mark)
    erase('__tld__', candidate)
    return accepted
  }

  return {
    get,
    set(key, value) {
      const now = clock.now()
      if (now < (renewAt.get(key) ?? 0) && get(key) === value) return true
      write(key, value, now + lifetimeMs, domain())
      // One that an earlier visit set for this host alone would hide the shared one, now or when that changes.
      if (domain() && all(key).length > 1) erase(key)
      renewAt.set(key, now + Math.min(dayMs, lifetimeMs / 2))
      return get(key) === value
    },
    remove(key) {
      if (get(key) === undefined) return
      erase(key, domain())
      erase(key)
    },
  }
}

const get = (key: string) => all(key)[0]

let known: { readonly text: string; readonly values: Map<string, string[]> } | undefined

/** The values of all cookies of that name: those for this host and for wider domains may have the same. */
function all(key: string): string[] {
  const text = cookieText()
  // The same events need the same cookies, which mostly are as they were.
  if (known?.text !== text) known = { text, values: readCookies(text) }
  return known.values.get(key) ?? []
}

function readCookies(text: string): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (const cookie of text.split('; ')) {
    const [name = '', ...value] = cookie.split('=')
    const key = decodeCookie(name)
    values.set(key, [...(values.get(key) ?? []), decodeCookie(value.join('='))])
  }
  return values
}
