import { afterEach, beforeEach, describe, expect, it, type Mock, vi } from 'vitest'
import { Analytics } from '../../src/analytics'
import type { WaitingCalls } from '../../src/beginning'
import type { AnalyticsBrowserSettings } from '../../src/browser-settings'
import { Context } from '../../src/context'
import { setGlobalAnalyticsKey } from '../../src/global-key'
import type { InitOptions } from '../../src/options'
import { loadScript } from '../../src/page-script/load-script'
import { boot } from '../../src/standalone/boot'
import { holdScripts } from '../support/held-scripts'

interface Loaded {
  settings: AnalyticsBrowserSettings
  options: InitOptions
  analytics: Analytics
}

/** A library that loads at once, or when `begin` resolves, and a client without plugins. */
function createLoad(begin: Promise<unknown> = Promise.resolve()) {
  const loaded: Loaded[] = []
  const load = async (settings: AnalyticsBrowserSettings, options: InitOptions, calls: WaitingCalls) => {
    setGlobalAnalyticsKey(options.globalAnalyticsKey)
    const analytics = new Analytics(settings, options)
    vi.spyOn(analytics, 'track').mockImplementation(async () => Context.system())
    loaded.push({ settings, options, analytics })
    await begin
    await calls.setUp(analytics)
    calls.begin(analytics)
  }
  return { load, loaded }
}

function script(attributes: Record<string, string> = {}): HTMLScriptElement {
  const element = document.createElement('script')
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  return element
}

function setGlobal(value: unknown, key = 'analytics') {
  Reflect.set(window, key, value)
}

const getGlobal = (key = 'analytics'): unknown => Reflect.get(window, key)

/** As a snippet leaves it. */
function list(entries: unknown[] = [], properties: object = {}): unknown[] {
  return Object.assign(entries, { _writeKey: 'k1' }, properties)
}

let errors: Mock<typeof console.error>

beforeEach(() => {
  errors = vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  setGlobalAnalyticsKey('analytics')
  for (const key of ['analytics', 'shop']) Reflect.deleteProperty(window, key)
  localStorage.clear()
  vi.restoreAllMocks()
  document.head.innerHTML = ''
})

describe('what the client is made with', () => {
  it('comes from the snippet', async () => {
    const disable = () => false
    setGlobal(list([], { _cdn: 'https://cdn.test', _loadOptions: { obfuscate: true, disable } }))
    const { load, loaded } = createLoad()

    await boot(script(), load)

    expect(loaded.map(({ settings, options }) => ({ settings, options }))).toEqual([
      { settings: { writeKey: 'k1', cdnURL: 'https://cdn.test' }, options: { obfuscate: true, disable } },
    ])
  })

  it('comes from the attributes of the script before the snippet', async () => {
    setGlobal(list([], { _cdn: 'https://cdn.test', _loadOptions: {} }))
    const { load, loaded } = createLoad()

    await boot(
      script({
        'data-write-key': 'k2',
        'data-cdn': 'https://own.test',
        'data-api-host': 'events.own.test/v1',
      }),
      load,
    )

    expect(loaded.map(({ settings, options }) => ({ settings, options }))).toEqual([
      {
        settings: { writeKey: 'k2', cdnURL: 'https://own.test' },
        options: { integrations: { 'Segment.io': { apiHost: 'events.own.test/v1' } } },
      },
    ])
  })

  it.each([
    ['comes with the address of the script', {}, undefined, 'https://own.test/a'],
    ['is rather that of the snippet', {}, 'https://cdn.test', 'https://cdn.test'],
    ['is rather that of the attribute', { 'data-cdn': 'https://data.test' }, undefined, 'https://data.test'],
  ])('has a CDN that %s', async (_, attributes, _cdn, cdnURL) => {
    setGlobal(list([], { _cdn }))
    const { load, loaded } = createLoad()
    const src = 'https://own.test/a/analytics.js/v1/k1/analytics.min.js'

    await boot(Object.assign(script(attributes), { src }), load)

    expect(loaded.map(({ settings }) => settings)).toEqual([{ writeKey: 'k1', cdnURL }])
  })

  it.each([
    { integrations: { 'Segment.io': false } },
    { integrations: { All: false } },
    { integrations: { 'Segment.io': { apiHost: 'given.test/v1' } } },
  ])('leaves the options of the page as they are when they know better: %j', async (options) => {
    setGlobal(list([], { _loadOptions: options }))
    const { load, loaded } = createLoad()

    await boot(script({ 'data-api-host': 'events.own.test/v1' }), load)

    expect(loaded.map((one) => one.options)).toEqual([options])
  })

  it('is told to the console when there is no write key, and nothing is loaded', async () => {
    setGlobal([])
    const { load, loaded } = createLoad()

    await boot(script(), load)

    expect(errors.mock.calls).toEqual([['[analytics.js]', expect.stringContaining('no write key')]])
    expect(loaded).toEqual([])
  })
})

describe('the global', () => {
  it('is replaced by the client before the calls that waited are made', async () => {
    const seen: unknown[] = []
    setGlobal(list([['track', 'A']]))
    const { load, loaded } = createLoad()

    const booted = boot(script(), load)
    const client = loaded[0]?.analytics ?? expect.fail('nothing was loaded')
    vi.mocked(client.track).mockImplementation(async () => {
      seen.push(getGlobal())
      return Context.system()
    })
    await booted

    expect(seen).toEqual([client])
  })

  it('is the one that the script names', async () => {
    setGlobal(list(), 'shop')
    const { load, loaded } = createLoad()

    await boot(script({ 'data-global-segment-analytics-key': 'shop' }), load)

    expect(getGlobal('shop')).toBe(loaded[0]?.analytics)
    expect(getGlobal()).toBeUndefined()
  })

  it.each([
    ['the library cannot see its own', undefined],
    ['its own says nothing', {}],
  ])('is none that some script of the page names, where %s', async (_, attributes) => {
    document.head.innerHTML =
      '<script data-global-segment-analytics-key="shop" data-write-key="evil" data-cdn="https://evil.test"></script>'
    const others = list()
    setGlobal(others, 'shop')
    setGlobal(list())
    const { load, loaded } = createLoad()

    await boot(attributes && script(attributes), load)

    expect(getGlobal()).toBe(loaded[0]?.analytics)
    expect(getGlobal('shop')).toBe(others)
    expect(loaded.map(({ settings }) => settings)).toEqual([{ writeKey: 'k1', cdnURL: undefined }])
  })

  it('is none that markup defines: a list takes its place', async () => {
    // Named elements stand below what scripts define, as browsers have them.
    const above: object = Object.getPrototypeOf(globalThis)
    Reflect.set(above, 'analytics', document.createElement('div'))
    const { load, loaded } = createLoad()

    await boot(script({ 'data-write-key': 'k2' }), load)
    Reflect.deleteProperty(above, 'analytics')

    expect(getGlobal()).toBe(loaded[0]?.analytics)
  })

  it('is the one that the options name', async () => {
    const array = list([], { _loadOptions: { globalAnalyticsKey: 'shop' } })
    setGlobal(array)
    const { load, loaded } = createLoad()

    await boot(script(), load)

    expect(getGlobal('shop')).toBe(loaded[0]?.analytics)
  })

  it('is a list for calls where there is no snippet', async () => {
    let begin = () => {}
    const { load, loaded } = createLoad(
      new Promise<void>((resolve) => {
        begin = resolve
      }),
    )

    const booted = boot(script({ 'data-write-key': 'k1' }), load)
    Object(getGlobal()).push(['track', 'Early'])
    begin()
    await booted

    const tracked = () => vi.mocked(loaded[0]?.analytics.track ?? expect.fail()).mock.calls
    await expect.poll(tracked).toEqual([['Early', expect.anything()]])
    expect(getGlobal()).toBe(loaded[0]?.analytics)
  })

  it('looks to snippets and to those who load again as if the library were there', async () => {
    const warnings = vi.spyOn(console, 'warn').mockImplementation(() => {})
    setGlobal(list())
    await boot(script(), createLoad().load)
    const client = Object(getGlobal())

    expect(Boolean(client.initialize)).toBe(true)
    expect(() => client.load('k1')).not.toThrow()
    expect(warnings.mock.calls).toEqual([['[analytics.js]', 'The library has been loaded already']])
  })
})

describe('a library that is included twice', () => {
  it('leaves the client alone', async () => {
    setGlobal(list())
    const first = createLoad()
    await boot(script(), first.load)
    const second = createLoad()

    await boot(script({ 'data-write-key': 'k2' }), second.load)

    expect(getGlobal()).toBe(first.loaded[0]?.analytics)
    expect(second.loaded).toEqual([])
    expect(errors.mock.calls).toEqual([['[analytics.js]', 'The library was included twice']])
  })

  it('leaves alone the calls that the first one has taken', async () => {
    setGlobal(list([['track', 'Once']]))
    const first = createLoad()
    const second = createLoad()

    await Promise.all([boot(script(), first.load), boot(script(), second.load)])

    expect(second.loaded).toEqual([])
    expect(first.loaded[0]?.analytics.track).toHaveBeenCalledTimes(1)
  })
})

describe('calls', () => {
  const page = { __t: 'bpc', c: undefined, p: '/then', u: 'https://shop.test/then', s: '', t: 'Then', r: '' }

  it('are made with the page that the snippet tells, or the one that is there', async () => {
    setGlobal(
      list([
        ['track', 'A', {}, page],
        ['track', 'B'],
        ['pageview', '/docs'],
      ]),
    )
    const { load, loaded } = createLoad()

    await boot(script(), load)

    expect(vi.mocked(loaded[0]?.analytics.track ?? expect.fail()).mock.calls).toEqual([
      ['A', {}, page],
      ['B', expect.objectContaining({ __t: 'bpc', p: location.pathname })],
    ])
  })

  it('that nobody knows are told to the console, and harm no other', async () => {
    setGlobal(list([['unheardOf', 1], 'nothing', [], [{}], ['track', 'A']]))
    const { load, loaded } = createLoad()

    await boot(script(), load)

    await expect.poll(() => errors.mock.calls).toHaveLength(4)
    expect(errors.mock.calls.map((told) => told.slice(0, 2))).toEqual([
      ['[analytics.js]', 'This is no call'],
      ['[analytics.js]', 'This is no call'],
      ['[analytics.js]', 'This is no call'],
      ['[analytics.js]', 'analytics.unheardOf() failed'],
    ])
    expect(loaded[0]?.analytics.track).toHaveBeenCalledTimes(1)
  })

  it('of addIntegrationMiddleware are warned of', async () => {
    const warnings = vi.spyOn(console, 'warn').mockImplementation(() => {})
    setGlobal(list([['addIntegrationMiddleware', () => {}]]))

    await boot(script(), createLoad().load)

    expect(warnings.mock.calls).toEqual([[expect.stringContaining('addIntegrationMiddleware')]])
    expect(errors).not.toHaveBeenCalled()
  })

  it('of group without arguments tell of nothing', async () => {
    const { load, loaded } = createLoad()
    const heard = vi.fn()
    setGlobal(
      list([
        ['on', 'group', heard],
        ['group', page],
      ]),
    )

    await boot(script(), load)
    await loaded[0]?.analytics.ready()

    expect(heard).not.toHaveBeenCalled()
  })

  it('of those who hold the list are made of the client, and answered by it', async () => {
    const array = list([], { track: () => 'list', factory: () => 'factory' })
    setGlobal(array)
    const { load, loaded } = createLoad()
    await boot(script(), load)

    const answer: unknown = Object(array).track('A')
    array.push(['track', 'B'])

    expect(await answer).toBeInstanceOf(Context)
    expect(vi.mocked(loaded[0]?.analytics.track ?? expect.fail()).mock.calls.map(([event]) => event)).toEqual(
      ['A', 'B'],
    )
    expect(Object(array)).toMatchObject({ initialized: true })
    expect(Object(array).factory()).toBe('factory')
  })

  it('that set the client up are made before those that tell of something', async () => {
    const order: string[] = []
    const plugin = { name: 'early', type: 'utility', isLoaded: () => true }
    setGlobal(
      list([
        ['track', 'A'],
        ['register', { ...plugin, load: async () => order.push('register') }],
      ]),
    )
    const { load, loaded } = createLoad()

    const booted = boot(script(), load)
    const client = loaded[0]?.analytics ?? expect.fail('nothing was loaded')
    vi.mocked(client.track).mockImplementation(async () => {
      order.push('track')
      return Context.system()
    })
    await booted

    expect(order).toEqual(['register', 'track'])
  })

  it('begin with that of the page, where the options ask for it', async () => {
    const order: unknown[] = []
    setGlobal(list([['track', 'A']], { _loadOptions: { initialPageview: true } }))
    const { load, loaded } = createLoad()

    const booted = boot(script(), load)
    const client = loaded[0]?.analytics ?? expect.fail('nothing was loaded')
    vi.mocked(client.track).mockImplementation(async () => {
      order.push('track')
      return Context.system()
    })
    vi.spyOn(client, 'page').mockImplementation(async (...args) => {
      order.push('page', ...args)
      return Context.system()
    })
    await booted

    expect(order).toEqual(['page', expect.objectContaining({ __t: 'bpc' }), 'track'])
  })

  it('are taken from a list on a page whose arrays inherit what cannot be replaced', async () => {
    const array = list([['track', 'A']])
    const inherited = Object.create(Array.prototype)
    for (const name of Object.getOwnPropertyNames(Array.prototype))
      Object.defineProperty(inherited, name, { value: Reflect.get(Array.prototype, name) })
    Object.setPrototypeOf(array, Object.freeze(inherited))
    setGlobal(array)
    const { load, loaded } = createLoad()

    await boot(script(), load)
    array.push(['track', 'B'])

    expect(vi.mocked(loaded[0]?.analytics.track ?? expect.fail()).mock.calls.map(([event]) => event)).toEqual(
      ['A', 'B'],
    )
    expect(errors).not.toHaveBeenCalled()
  })

  it('that other calls lead to stand behind those that waited', async () => {
    const array = list()
    array.push(['use', () => array.push(['track', 'Last'])], ['track', 'First'])
    setGlobal(array)
    const { load, loaded } = createLoad()

    await boot(script(), load)

    expect(vi.mocked(loaded[0]?.analytics.track ?? expect.fail()).mock.calls.map(([event]) => event)).toEqual(
      ['First', 'Last'],
    )
  })
})

describe('a library that cannot be loaded', () => {
  it('is told to the console, and so is each call that comes to nothing', async () => {
    setGlobal(list([['track', 'A']]))
    const reason = new Error('no settings')

    await boot(script(), () => Promise.reject(reason))

    await expect.poll(() => errors.mock.calls).toHaveLength(2)
    expect(errors.mock.calls).toEqual(
      expect.arrayContaining([
        ['[analytics.js]', 'Failed to load Analytics.js', reason],
        ['[analytics.js]', 'analytics.track() failed', reason],
      ]),
    )
  })

  it('throws nothing into the page, whatever is on it', async () => {
    setGlobal(Object.defineProperty(list(), '_loadOptions', { get: () => expect.fail('not readable') }))

    await expect(boot(script(), createLoad().load)).resolves.toBeUndefined()

    expect(errors.mock.calls).toEqual([['[analytics.js]', 'Failed to load Analytics.js', expect.any(Error)]])
  })
})

describe('scripts that the library adds', () => {
  it('bear its own nonce, and are addressed with the policy of the snippet, which leaves the element', async () => {
    const scripts = holdScripts()
    const createScriptURL = vi.fn((url: string) => url)
    const own = Object.assign(script({ 'data-write-key': 'k1' }), {
      nonce: 'abc',
      policy: { createScriptURL },
    })
    await boot(own, createLoad().load)

    void loadScript('https://vendor.test/boot.js')

    expect(scripts.all().map((one) => one.getAttribute('nonce'))).toEqual(['abc'])
    await expect(loadScript('data:text/javascript,0')).rejects.toThrow('No address of a script')
    expect(createScriptURL.mock.calls).toEqual([['https://vendor.test/boot.js']])
    expect(own).not.toHaveProperty('policy')
  })
})
