import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSnippet, installSnippet, type SnippetOptions } from '../../src/snippet'
import { type HeldScripts, holdScripts } from '../support/held-scripts'
import { withoutHead } from '../support/page-without-head'

const options: SnippetOptions = { writeKey: 'k1', host: 'cdn.example.com', page: false }

const ways = [
  { name: 'a snippet', run: (given: SnippetOptions) => void Function(createSnippet(given))() },
  { name: 'a snippet installed by a script', run: (given: SnippetOptions) => void installSnippet(given) },
]

/** A global, as untyped as pages find it. */
function page(key = 'analytics'): Record<string, (...args: unknown[]) => unknown> & unknown[] {
  return Reflect.get(window, key)
}

let scripts: HeldScripts

beforeEach(() => {
  scripts = holdScripts()
  document.title = 'Shop'
  history.replaceState({}, '', '/books?sort=new#first')
})

afterEach(() => {
  for (const key of ['analytics', 'shop', 'trustedTypes']) Reflect.deleteProperty(window, key)
  vi.restoreAllMocks()
  document.head.innerHTML = ''
})

const here = {
  __t: 'bpc',
  c: undefined,
  p: '/books',
  u: expect.stringMatching(/\/books\?sort=new#first$/),
  s: '?sort=new',
  t: 'Shop',
  r: '',
}

describe.each(ways)('$name', ({ run }) => {
  it('takes calls, and of those that happen on a page tells which', () => {
    run(options)

    page().track?.('Opened', { id: 1 })
    page().setAnonymousId?.('a1')
    page().identify?.('u1')

    expect([...page()]).toEqual([
      ['track', 'Opened', { id: 1 }, here],
      ['setAnonymousId', 'a1'],
      ['identify', 'u1', here],
    ])
  })

  it('tells the canonical address of the page', () => {
    document.head.insertAdjacentHTML('beforeend', '<link rel="canonical" href="https://shop.test/books">')
    run(options)

    page().page?.()

    expect([...page()]).toEqual([['page', { ...here, c: 'https://shop.test/books' }]])
  })

  it('answers with the list, so that calls can be chained', () => {
    run(options)

    expect(page().track?.('Opened')).toBe(page())
  })

  it('keeps what was put into the list before', () => {
    Reflect.set(window, 'analytics', [['track', 'Early']])

    run(options)

    expect([...page()]).toEqual([['track', 'Early']])
    expect(page().track).toBeTypeOf('function')
  })

  it('has a stub for every method that Segment’s snippet has', () => {
    run(options)

    const names = [
      ...['trackSubmit', 'trackClick', 'trackLink', 'trackForm', 'pageview', 'identify', 'reset', 'group'],
      ...['track', 'ready', 'alias', 'debug', 'page', 'screen', 'once', 'off', 'on', 'addSourceMiddleware'],
      ...['addIntegrationMiddleware', 'setAnonymousId', 'addDestinationMiddleware', 'register'],
    ]
    expect(names.filter((name) => typeof page()[name as never] !== 'function')).toEqual([])
    expect([...(page().methods as unknown as string[])].sort()).toEqual([...names].sort())
  })

  it('hands calls of who kept a stub to the client, and answers what it answers', () => {
    run(options)
    const { track } = page()
    const client = { initialized: true, track: vi.fn(() => 'sent') }
    Reflect.set(window, 'analytics', client)

    expect(track?.('Late', { id: 1 })).toBe('sent')
    expect(client.track.mock.calls).toEqual([['Late', { id: 1 }]])
  })

  it('loads the library for the write key, and tells it where to find its calls', () => {
    run({ ...options, globalKey: 'shop' })

    const [script] = scripts.all()
    expect(scripts.all()).toHaveLength(1)
    expect(script?.src).toBe('https://cdn.example.com/analytics.js/v1/k1/analytics.min.js')
    expect(script?.async).toBe(true)
    expect(script?.getAttribute('data-global-segment-analytics-key')).toBe('shop')
    expect(page('shop')).toMatchObject({ _writeKey: 'k1', _cdn: 'https://cdn.example.com' })
    expect(page()).toBeUndefined()
  })

  it.each([
    { host: 'http://127.0.0.1:3000/', src: 'http://127.0.0.1:3000/analytics.js/v1/k1/analytics.min.js' },
    { host: 'https://a.test/cdn', src: 'https://a.test/cdn/analytics.js/v1/k1/analytics.min.js' },
    { host: 'HTTPS://A.test', src: 'https://a.test/analytics.js/v1/k1/analytics.min.js' },
    { host: '//a.test/', src: 'https://a.test/analytics.js/v1/k1/analytics.min.js' },
    { host: ' a.test:8080\n', src: 'https://a.test:8080/analytics.js/v1/k1/analytics.min.js' },
  ])('takes the whole address of a host: $host', ({ host, src }) => {
    run({ ...options, host })

    expect(scripts.all().map((script) => script.src)).toEqual([src])
  })

  it.each([' ', 'a b.test', 'ftp://a.test', 'a.test?cdn', 'a.test/#cdn', 'javascript:alert(1)'])(
    'does not begin with a host that is none: "%s"',
    (host) => {
      expect(() => run({ ...options, host })).toThrow(`'${host}' is no host`)
    },
  )

  it('takes the address of a script that lies anywhere', () => {
    run({ writeKey: 'k1', src: 'https://shop.test/assets/sluice.min.js', page: false })

    expect(scripts.all().map((script) => script.src)).toEqual(['https://shop.test/assets/sluice.min.js'])
    expect(page()).not.toHaveProperty('_cdn')
  })

  it('calls load with options, and page with what it is given', () => {
    run({
      ...options,
      load: { integrations: { All: false } },
      page: { category: 'Docs', name: 'Start', properties: { beta: true } },
    })

    expect([...page()]).toEqual([['page', 'Docs', 'Start', { beta: true }, here]])
    expect(page()).toHaveProperty('_loadOptions', { integrations: { All: false } })
  })

  it('calls page unless told otherwise', () => {
    run({ writeKey: 'k1', host: 'cdn.example.com' })

    expect([...page()]).toEqual([['page', here]])
  })

  it('loads nothing before the page asks for it, and then for the key that the page gives', () => {
    run({ ...options, load: false })
    expect(scripts.all()).toEqual([])

    page().load?.('k2', { obfuscate: true })

    expect(scripts.all().map((script) => script.src)).toEqual([
      'https://cdn.example.com/analytics.js/v1/k2/analytics.min.js',
    ])
    expect(page()).toMatchObject({ _writeKey: 'k2', _loadOptions: { obfuscate: true } })
  })

  it('gives the script its nonce and its integrity', () => {
    run({ ...options, nonce: 'abc', integrity: 'sha384-x' })

    const [script] = scripts.all()
    expect(script).toMatchObject({ nonce: 'abc', integrity: 'sha384-x', crossOrigin: '' })
  })

  it('gives the script neither when there is none', () => {
    run(options)

    expect(scripts.all().map((script) => script.getAttributeNames())).toEqual([
      expect.not.arrayContaining(['nonce', 'integrity', 'crossorigin']),
    ])
  })

  it('makes the address with a policy, and leaves that to the library', () => {
    const policy = { createScriptURL: (url: string) => `${url}#trusted` }
    const createPolicy = vi.fn(() => policy)
    Reflect.set(window, 'trustedTypes', { createPolicy })

    run(options)

    expect(createPolicy.mock.calls).toEqual([['sluice', expect.anything()]])
    const [script] = scripts.all()
    expect(script?.src).toMatch(/#trusted$/)
    expect(script).toHaveProperty('policy', policy)
  })

  it('makes the policy once, however often the library is loaded', () => {
    const createPolicy = vi.fn((_name: string, rules: object) => {
      // As browsers do.
      if (createPolicy.mock.calls.length > 1) throw new TypeError('There is one already')
      return { ...rules, isTrusted: true }
    })
    Reflect.set(window, 'trustedTypes', { createPolicy })
    run({ ...options, load: false })

    page().load?.('k1')
    page().load?.('k1')

    expect(scripts.all()).toHaveLength(2)
    for (const script of scripts.all()) expect(script).toHaveProperty('policy.isTrusted', true)
  })

  it('keeps calls where the page refuses the address, and throws nothing into the page', () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const refused = new TypeError('This document requires a TrustedScriptURL')
    const element = document.createElement('script')
    Object.defineProperty(element, 'src', {
      set() {
        throw refused
      },
    })
    vi.spyOn(document, 'createElement').mockReturnValueOnce(element)

    run(options)
    page().track?.('Opened')

    expect([...page()]).toEqual([['track', 'Opened', here]])
    expect(page()).toMatchObject({ _writeKey: 'k1' })
    expect(error.mock.calls).toEqual([[refused]])
  })

  it('puts the library on a page without a head, too', () => {
    const put = withoutHead(() => run(options))

    expect(put).toEqual([expect.any(HTMLScriptElement)])
  })

  it('writes a write key into the address as it is', () => {
    run({ ...options, writeKey: "$&/$'?#" })

    expect(scripts.all().map((script) => script.src)).toEqual([
      "https://cdn.example.com/analytics.js/v1/%24%26%2F%24'%3F%23/analytics.min.js",
    ])
  })

  it('loads the library where a policy is not allowed', () => {
    const createPolicy = () => {
      throw new TypeError('not allowed')
    }
    Reflect.set(window, 'trustedTypes', { createPolicy })

    run(options)

    expect(scripts.all().map((script) => script.src)).toEqual([
      'https://cdn.example.com/analytics.js/v1/k1/analytics.min.js',
    ])
  })

  it('says so when it is included twice, and loads once', () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})

    run(options)
    run(options)

    expect(error.mock.calls).toEqual([['Duplicate snippet']])
    expect(scripts.all()).toHaveLength(1)
  })

  it('leaves alone a client that is there already', () => {
    const client = { initialize: true }
    Reflect.set(window, 'analytics', client)

    run(options)

    expect(page()).toBe(client)
    expect(page()).toEqual({ initialize: true })
    expect(scripts.all()).toEqual([])
  })

  it('does not begin without a write key or without a place to load from', () => {
    expect(() => run({ ...options, writeKey: '' })).toThrow('needs a write key')
    expect(() => run({ writeKey: 'k1', src: '' })).toThrow('needs a host or a src')
  })
})

describe('the nonce of a script that is loaded by a module or in a callback', () => {
  /** As in a browser, where the attribute is hidden and the property is not. */
  const putScript = (nonce: string) => {
    document.head.innerHTML = '<script></script><script nonce></script>'
    Object.assign(document.querySelector('script[nonce]') ?? {}, { nonce })
  }

  it('is that of the scripts of the page', () => {
    putScript('abc')

    installSnippet(options)

    expect(scripts.all().map((script) => script.nonce)).toEqual(['abc'])
  })

  it('is the given one, if there is one', () => {
    putScript('abc')

    installSnippet({ ...options, nonce: 'own' })

    expect(scripts.all().map((script) => script.nonce)).toEqual(['own'])
  })

  it('is that of the script that runs, if there is one', () => {
    putScript('abc')
    const own = Object.assign(document.createElement('script'), { nonce: 'own' })
    vi.spyOn(Object.getPrototypeOf(document), 'currentScript', 'get').mockReturnValue(own)

    installSnippet(options)

    expect(scripts.all().map((script) => script.nonce)).toEqual(['own'])
  })
})

describe('options that hold functions', () => {
  const disable = () => true

  it('are for scripts', () => {
    installSnippet({ ...options, load: { disable } })

    expect(page()).toHaveProperty('_loadOptions', { disable })
  })

  it('cannot be written into a page, and are not left out in silence', () => {
    expect(() => createSnippet({ ...options, load: { disable } })).toThrow("the function 'load.disable'")
  })
})

describe('options that a text can hold', () => {
  /** What the page finds when the text has run. */
  const written = (options: SnippetOptions): unknown => {
    Function(createSnippet(options))()
    return Object(page())._loadOptions
  }
  /** Options may hold anything: pages are written in JavaScript, too. */
  const loadWith = (load: object): SnippetOptions => ({ ...options, load })

  it('protect as they do in a script: patterns are patterns', () => {
    const useQueryString = { uid: /^[0-9]{5}$/, aid: /^(?<no>[a/\n"'<])</giu }

    expect(written(loadWith({ useQueryString }))).toEqual({ useQueryString })
  })

  it.each<[string, unknown]>([
    ['numbers without an end', { wait: Number.POSITIVE_INFINITY, less: -1.5, none: Number.NaN }],
    ['dates', { since: new Date(1_700_000_000_000) }],
    ['lists and what is nothing in them', { list: [1, null, undefined, ['a']] }],
    ['a key that objects descend by', JSON.parse('{"__proto__":{"a":1}}')],
    ['objects that descend from nothing', Object.assign(Object.create(null), { a: { b: true } })],
  ])('hold %s', (_, load) => {
    expect(written(loadWith(Object(load)))).toEqual(load)
  })

  it('hold what says itself how it is written', () => {
    expect(written(loadWith({ address: new URL('https://shop.test/a') }))).toEqual({
      address: 'https://shop.test/a',
    })
  })

  it.each<[string, unknown, string]>([
    ['a symbol', { list: [Symbol('a')] }, "the symbol 'load.list[0]'"],
    ['a bigint', { a: { b: 1n } }, "the bigint 'load.a.b'"],
    ['a map', { a: new Map([[1, 2]]) }, "the object 'load.a', a Map"],
    ['an object of a class', { a: new (class Rule {})() }, "the object 'load.a', a Rule"],
  ])('do not hold %s, and the caller hears which', (_, load, told) => {
    expect(() => createSnippet(loadWith(Object(load)))).toThrow(told)
  })

  it.each([20_000, 101])('do not go %d levels deep', (depth) => {
    let load: object = {}
    for (let level = 0; level < depth; level++) load = { a: load }

    expect(() => createSnippet(loadWith(load))).toThrow(
      new TypeError("'load' of the snippet is more than 100 levels deep"),
    )
  })

  it('do not hold themselves', () => {
    const load: Record<string, unknown> = { a: {} }
    load.b = load

    expect(() => createSnippet(loadWith(load))).toThrow("'load.b' of the snippet holds itself")
  })

  it('of the page call are told by their name, too', () => {
    const properties = { at: { id: Symbol('a') } }

    expect(() => createSnippet({ ...options, page: { properties } })).toThrow('page.properties.at.id')
  })
})

describe('the text of a snippet', () => {
  const evil = '</script><!--<script>\u2028\u2029"\'\\'

  it('cannot be ended or broken out of by what it is made with', () => {
    const text = createSnippet({
      ...options,
      globalKey: evil,
      page: { name: evil, properties: { [evil]: evil } },
    })

    expect(text).not.toMatch(/<[/!]|<s|[\u2028\u2029]/)
    Function(text)()
    expect([...page(evil)]).toEqual([['page', evil, { [evil]: evil }, expect.anything()]])
    Reflect.deleteProperty(window, evil)
  })
})
