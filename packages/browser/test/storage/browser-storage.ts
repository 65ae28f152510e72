import { vi } from 'vitest'

/** Empties what the page has stored, mends what a test has broken, and gives the page an address. */
export function freshPage(url = 'http://localhost:3000/'): void {
  vi.unstubAllGlobals()
  Reflect.deleteProperty(document, 'cookie')
  const page: unknown = Reflect.get(window, 'happyDOM')
  if (typeof page === 'object' && page !== null) Reflect.get(page, 'setURL').call(page, url)
  localStorage.clear()
  for (const pair of document.cookie.split('; ')) {
    const name = pair.split('=')[0]
    for (const domain of ['', '; domain=.example.co.uk', '; domain=.shop.example.co.uk']) {
      setCookie(`${name}=; path=/; expires=${new Date(0).toUTCString()}${domain}`)
    }
  }
}

/** What somebody else does to the page's cookies. */
export function setCookie(text: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous
  document.cookie = text
}

export function deleteCookie(name: string): void {
  setCookie(`${name}=; path=/; expires=${new Date(0).toUTCString()}`)
}

/** Counts what the page does to its storage from here on. */
export function watchStorage() {
  const cookieWrites: string[] = []
  const localWrites: string[] = []
  let reads = 0
  replaceCookies({
    get(original) {
      reads++
      return original()
    },
    set(text, original) {
      cookieWrites.push(text)
      original(text)
    },
  })
  replaceLocalStorage((name, original) => (...args) => {
    if (name === 'getItem') reads++
    else localWrites.push(`${String(name)} ${args.join(' ')}`)
    return original(...args)
  })
  return {
    cookieWrites,
    localWrites,
    get writes() {
      return cookieWrites.length + localWrites.length
    },
    get reads() {
      return reads
    },
  }
}

/** As a browser that blocks a site's data: every access to localStorage throws. */
export function denyLocalStorage(): void {
  replaceLocalStorage(() => {
    throw new DOMException('denied', 'SecurityError')
  })
}

/** As a site that has used up its room. */
export function fillLocalStorage(): void {
  replaceLocalStorage((name, original) => (...args) => {
    if (name === 'setItem') throw new DOMException('full', 'QuotaExceededError')
    return original(...args)
  })
}

/** As a frame that has no cookies: they cannot even be asked for. */
export function denyCookies(): void {
  const deny = () => {
    throw new DOMException('sandboxed', 'SecurityError')
  }
  replaceCookies({ get: deny, set: deny })
}

/** As a browser in which cookies are switched off: writing does nothing. */
export function ignoreCookies(): void {
  replaceCookies({ get: (original) => original(), set() {} })
}

interface CookieAccess {
  get(original: () => string): string
  set(text: string, original: (text: string) => void): void
}

function replaceCookies(access: CookieAccess): void {
  const own = inheritedCookie()
  Object.defineProperty(document, 'cookie', {
    configurable: true,
    get: () => access.get(() => own.get?.call(document)),
    set: (text: string) => access.set(text, (written) => own.set?.call(document, written)),
  })
}

function inheritedCookie(): PropertyDescriptor {
  let owner: object = Object.getPrototypeOf(document)
  for (;;) {
    const found = Object.getOwnPropertyDescriptor(owner, 'cookie')
    if (found) return found
    owner = Object.getPrototypeOf(owner)
  }
}

type Call = (...args: unknown[]) => unknown

function replaceLocalStorage(wrap: (name: string | symbol, original: Call) => Call): void {
  const real = localStorage
  const get = (_: object, name: string | symbol): unknown => {
    const member: unknown = Reflect.get(real, name)
    if (typeof member === 'function') return wrap(name, member.bind(real))
    wrap(name, () => undefined)
    return member
  }
  vi.stubGlobal('localStorage', new Proxy(real, { get }))
}
