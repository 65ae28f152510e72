import type { Clock, KeyValueStore } from '@sluice/core/internal'
import { hostClock } from '@sluice/core/internal'
import { decodeCookie, encodeCookieName, encodeCookieValue } from './cookie-codec'
import { registrableDomain } from './cookie-domain'
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

const dayMs = 86_400_000

/**
 * The page's cookies. A cookie that holds the value already is written again only to renew its lifetime: at the first
 * `set` after the page has loaded, and once a day on pages that stay open.
 */
export function createCookieStore(
  options: CookieOptions = {},
  clock: Pick<Clock, 'now'> = hostClock,
): KeyValueStore {
  const { maxage = 365, path = '/', sameSite = 'Lax', secure } = options
  const lifetimeMs = maxage * dayMs
  const renewAt = new Map<string, number>()
  let domain = (): string | undefined => {
    const found =
      'domain' in options ? options.domain : registrableDomain(guarded(hostname, ''), acceptsCookies)
    domain = () => found
    return found
  }

  function write(key: string, value: string, expiresAt: number, on: string | undefined): void {
    const text = [
      `${encodeCookieName(key)}=${encodeCookieValue(value)}`,
      `path=${path}`,
      `expires=${new Date(expiresAt).toUTCString()}`,
      `SameSite=${sameSite}`,
    ]
    if (on) text.push(`domain=${on}`)
    if (secure) text.push('Secure')
    guarded(() => {
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous and not everywhere
      document.cookie = text.join('; ')
    })
  }

  const erase = (key: string, on: string | undefined) => write(key, '', 0, on)

  function acceptsCookies(candidate: string): boolean {
    write('__tld__', '1', clock.now() + dayMs, candidate)
    const accepted = get('__tld__') !== undefined
    if (accepted) erase('__tld__', candidate)
    return accepted
  }

  function get(key: string): string | undefined {
    const found = all(key)[0]
    return found && decodeCookie(found[1])
  }

  return {
    get,
    set(key, value) {
      const now = clock.now()
      if (now < (renewAt.get(key) ?? 0) && get(key) === value) return true
      write(key, value, now + lifetimeMs, domain())
      // One that an earlier visit set for this host alone would hide the shared one, now or when that changes.
      if (domain() && all(key).length > 1) erase(key, undefined)
      renewAt.set(key, now + Math.min(dayMs, lifetimeMs / 2))
      return get(key) === value
    },
    remove(key) {
      if (get(key) !== undefined) erase(key, domain())
      if (get(key) !== undefined) erase(key, undefined)
    },
    keys(prefix) {
      const names = new Set(cookies().map(([name]) => decodeCookie(name)))
      return [...names].filter((name) => name.startsWith(prefix))
    },
  }
}

const hostname = () => location.hostname

const all = (key: string) => cookies().filter(([name]) => decodeCookie(name) === key)

/** All cookies, still encoded. */
function cookies(): [name: string, value: string][] {
  const pairs = guarded(() => document.cookie, '')
    .split('; ')
    .filter(Boolean)
  return pairs.map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return [name, value.join('=')]
  })
}
