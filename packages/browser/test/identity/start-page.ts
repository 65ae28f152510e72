import type { IdentityPorts } from '../../src/identity/options'
import type { CookieOptions } from '../../src/storage/cookie-store'
import { createStores } from '../../src/storage/stores'

/** A page that has just loaded, with ids that can be foretold: `made-1`, `made-2`… */
export function startPage(cookie?: CookieOptions) {
  const clock = { time: Date.now(), now: () => clock.time, elapsed: () => clock.time }
  let made = 0
  const ports: IdentityPorts = {
    stores: createStores(cookie, clock),
    clock,
    randomness: { uuid: () => `made-${++made}` },
  }
  return { ports, clock }
}

/** What stands in localStorage and cookies, decoded. */
export function stored(): { local: Record<string, string>; cookies: Record<string, string> } {
  const local = Object.keys(localStorage).map((key) => [key, localStorage.getItem(key) ?? ''])
  const pairs = document.cookie.split('; ').filter(Boolean)
  const cookies = pairs.map((pair) => pair.split('=').map(decodeURIComponent))
  return { local: Object.fromEntries(local), cookies: Object.fromEntries(cookies) }
}
