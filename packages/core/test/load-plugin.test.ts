import { settled } from '@sluice/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDeferred, TimeLimitError, ValidationError } from '../src'
import { assertPlugin } from '../src/internal'
import type { TestPlugin } from './support/start-queue'
import { client, createContext, createPlugin, hanging, startQueue } from './support/start-queue'

const types = ['before', 'enrichment', 'destination', 'after', 'utility'] as const

const warn = vi.spyOn(console, 'warn')
beforeEach(() => void warn.mockReset().mockImplementation(() => {}))
afterEach(() => void warn.mockReset())

const namesOf = (plugins: TestPlugin[]) => plugins.map(({ name }) => name)

describe('registering a plugin', () => {
  it.each(types)('loads it once, with the context and the client: %s', async (type) => {
    const load = vi.fn(async () => {})
    const { queue } = await startQueue()
    const ctx = createContext()
    await queue.register(ctx, createPlugin(type, 'p', undefined, { load }), client)
    await queue.dispatchSingle(createContext())

    expect(load.mock.calls).toEqual([[ctx, client]])
  })

  it('has it in the list before it is loaded', async () => {
    const { queue } = await startQueue([
      createPlugin('before', 'p', undefined, { load: () => new Promise(() => {}) }),
    ])

    expect(namesOf(queue.plugins)).toEqual(['p'])
  })

  it.each([
    { type: 'before', name: 'p', waits: true },
    { type: 'enrichment', name: 'p', waits: true },
    { type: 'after', name: 'p', waits: true },
    { type: 'utility', name: 'p', waits: true },
    { type: 'destination', name: 'p', waits: false },
    { type: 'destination', name: 'Segment.io', waits: true },
  ] as const)('waits for the load of a $type named $name: $waits', async ({ type, name, waits }) => {
    const load = createDeferred<void>()
    const { queue } = await startQueue()
    let isRegistered = false
    const plugin = createPlugin(type, name, undefined, { load: () => load.promise })
    void queue.register(createContext(), plugin, client).then(() => {
      isRegistered = true
    })
    await settled()
    expect(isRegistered).toBe(!waits)

    load.resolve()
    await settled()
    expect(isRegistered).toBe(true)
  })

  it.each<[string, Partial<TestPlugin>]>([
    ['answers no promise', { load: (() => 'loaded') as unknown as TestPlugin['load'] }],
    ['is missing', { load: undefined as unknown as TestPlugin['load'] }],
  ])('takes a plugin of plain JavaScript whose load %s', async (_, parts) => {
    const plugins = types.map((type) => createPlugin(type, type, undefined, parts))
    const { queue, trace } = await startQueue(plugins)
    const ctx = await queue.dispatchSingle(createContext())

    expect(queue.plugins).toEqual(plugins)
    expect(ctx.failedDelivery()).toBeUndefined()
    expect(trace).not.toContain('initialization_failure destination')
  })

  it('calls load on the plugin itself', async () => {
    class Loading {
      readonly name = 'p'
      readonly type = 'utility'
      loaded = false
      isLoaded() {
        return this.loaded
      }
      async load() {
        this.loaded = true
      }
    }
    const plugin = new Loading()
    await startQueue([plugin])

    expect(plugin.isLoaded()).toBe(true)
  })
})

describe.each<[string, TestPlugin['load']]>([
  [
    'throws',
    () => {
      throw new Error('mine')
    },
  ],
  ['rejects', () => Promise.reject(new Error('mine'))],
])('given a load that %s', (_, load) => {
  it.each(types)('removes the plugin, tells of it, and lets events flow: %s', async (type) => {
    const { queue, trace, register } = await startQueue()
    const ctx = createContext()
    await expect(register(createPlugin(type, 'bad', hanging, { load }), ctx)).resolves.toBeUndefined()
    await settled()

    expect(queue.plugins).toEqual([])
    expect(queue.failedInitializations).toEqual(['bad'])
    expect(trace).toEqual(['initialization_failure bad'])
    expect(warn.mock.calls).toEqual([['bad', new Error('mine')]])
    expect(ctx.logs()).toEqual([
      expect.objectContaining({
        level: 'warn',
        message: 'Failed to load destination',
        extras: { plugin: 'bad', error: new Error('mine') },
      }),
    ])
    expect((await queue.dispatchSingle(createContext())).failedDelivery()).toBeUndefined()
  })

  it('removes that plugin alone, though another has its name', async () => {
    const { queue } = await startQueue([
      createPlugin('destination', 'twin'),
      createPlugin('destination', 'twin', undefined, { load }),
      createPlugin('before', 'other'),
    ])

    expect(namesOf(queue.plugins)).toEqual(['twin', 'other'])
  })
})

describe('given a load that never ends', () => {
  const hung = (type: TestPlugin['type']) =>
    createPlugin(type, 'hung', undefined, { load: () => new Promise(() => {}) })

  it('holds events back for as long as plugins may take, then goes on without it', async () => {
    const { queue, clock, trace } = await startQueue([hung('before')], { pluginTimeout: 500 })
    const ended = queue.dispatchSingle(createContext())
    await clock.advance(499)
    expect(trace).toEqual([])
    await clock.advance(1)
    await ended

    expect(trace).toEqual(['initialization_failure hung', 'message_delivered', 'delivery_success'])
    expect(queue.plugins).toEqual([])
    expect(warn.mock.calls).toEqual([['hung', new TimeLimitError('load of plugin hung', 500)]])
  })

  it('leaves no timer behind for those that load in time', async () => {
    const { clock } = await startQueue(
      types.map((type) => createPlugin(type, type)),
      { pluginTimeout: 500 },
    )

    expect(clock.timers).toBe(0)
  })
})

it('a plugin that somebody puts into the list, or takes out of it, is used from then on, or no longer', async () => {
  const seen: string[] = []
  const noting = (name: string) =>
    createPlugin('before', name, (ctx) => {
      seen.push(name)
      return ctx
    })
  const { queue } = await startQueue([noting('registered')])
  queue.plugins.push(noting('put in'))
  await queue.dispatchSingle(createContext())
  queue.plugins.shift()
  await queue.dispatchSingle(createContext())

  expect(seen).toEqual(['registered', 'put in', 'put in'])
})

describe('deregistering a plugin', () => {
  it('unloads it with the context and the client, and removes all of its name', async () => {
    const unload = vi.fn(async () => {})
    const [first, other, second] = [
      createPlugin('before', 'twin', undefined, { unload }),
      createPlugin('before', 'other'),
      createPlugin('after', 'twin', undefined, { unload: () => expect.unreachable() }),
    ]
    const { queue } = await startQueue([first, other, second])
    const ctx = createContext()
    await queue.deregister(ctx, first, client)

    expect(unload.mock.calls).toEqual([[ctx, client]])
    expect(queue.plugins).toEqual([other])
  })

  it('needs no unload', async () => {
    const plugin = createPlugin('before', 'p')
    const { queue } = await startQueue([plugin])
    await queue.deregister(createContext(), plugin, client)

    expect(queue.plugins).toEqual([])
  })

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('mine')
      },
    ],
    ['rejects', () => Promise.reject(new Error('mine'))],
  ])('leaves it where it is when unload %s, and says so', async (_, unload) => {
    const plugin = createPlugin('before', 'p', undefined, { unload })
    const { queue } = await startQueue([plugin])
    const ctx = createContext()
    await queue.deregister(ctx, plugin, client)

    expect(queue.plugins).toEqual([plugin])
    expect(ctx.logs()).toEqual([
      expect.objectContaining({
        level: 'warn',
        message: 'Failed to unload destination',
        extras: { plugin: 'p', error: new Error('mine') },
      }),
    ])
  })
})

describe('assertPlugin', () => {
  it.each(types)('takes a plugin of type %s', (type) => {
    expect(() => assertPlugin({ name: 'p', type })).not.toThrow()
  })

  it.each<[unknown, string]>([
    [undefined, 'plugin is not an object'],
    [null, 'plugin is not an object'],
    ['p', 'plugin is not an object'],
    [{ type: 'before' }, 'plugin.name is not a string'],
    [{ name: '', type: 'before' }, 'plugin.name is not a string'],
    [{ name: 7, type: 'before' }, 'plugin.name is not a string'],
    [{ name: 'p' }, 'plugin.type of p is none of before, after, destination, enrichment, utility'],
    [
      { name: 'p', type: 'source' },
      'plugin.type of p is none of before, after, destination, enrichment, utility',
    ],
    [{ name: 'p', type: 7 }, 'plugin.type of p is none of before, after, destination, enrichment, utility'],
  ])('refuses %o: %s', (plugin, message) => {
    const check = () => assertPlugin(plugin)

    expect(check).toThrow(ValidationError)
    expect(check).toThrow(message)
  })
})
