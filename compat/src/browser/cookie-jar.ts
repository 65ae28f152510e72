export interface Cookie {
  value: string
  domain?: string
  path?: string
  sameSite?: string
  secure?: true
  /** Days until it expires, rounded. */
  days?: number
}

export interface CookieJar {
  /** What `document.cookie` reads. */
  read(): string
  /** What `document.cookie = …` writes. */
  write(text: string): void
  /** All cookies with their attributes, under their names as written. */
  all(): Record<string, Cookie>
  /** Counts of the calls above, by scripts of the page. */
  readonly calls: { reads: number; writes: number }
}

const dayMs = 86_400_000
const publicSuffixes = new Set(['com', 'org', 'co.uk', 'uk'])

/** The cookies of a page on `hostname()`, kept with their attributes, which a browser does not tell again. */
export function createCookieJar(hostname: () => string, now: () => number): CookieJar {
  const jar = new Map<string, { name: string; cookie: Cookie }>()
  const calls = { reads: 0, writes: 0 }
  return {
    calls,
    read() {
      calls.reads += 1
      return [...jar.values()].map(({ name, cookie }) => `${name}=${cookie.value}`).join('; ')
    },
    write(text) {
      calls.writes += 1
      const [pair = '', ...attributes] = text.split(';').map((part) => part.trim())
      const equals = pair.indexOf('=')
      const name = pair.slice(0, equals)
      const cookie: Cookie = { value: pair.slice(equals + 1) }
      let isOver = false
      for (const attribute of attributes) {
        const [key = '', value = ''] = attribute.split('=')
        switch (key.toLowerCase()) {
          case 'domain':
            if (value) cookie.domain = value.replace(/^\./, '')
            break
          case 'path':
            cookie.path = value
            break
          case 'samesite':
            cookie.sameSite = value
            break
          case 'secure':
            cookie.secure = true
            break
          case 'expires': {
            const leftMs = Date.parse(value) - now()
            if (leftMs <= 0) isOver = true
            else cookie.days = Math.round(leftMs / dayMs)
          }
        }
      }
      const { domain } = cookie
      if (domain !== undefined && !mayShare(hostname(), domain)) return
      const place = `${name} ${domain ?? ''} ${cookie.path ?? ''}`
      jar.delete(place)
      if (!isOver) jar.set(place, { name, cookie })
    },
    all: () => Object.fromEntries([...jar.values()].map(({ name, cookie }) => [name, cookie])),
  }
}

function mayShare(hostname: string, domain: string): boolean {
  return !publicSuffixes.has(domain) && (hostname === domain || hostname.endsWith(`.${domain}`))
}
