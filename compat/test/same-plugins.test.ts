import { beforeAll, describe, expect, it, vi } from 'vitest'
import { envelope } from '../src/event-log'
import { at, fields } from '../src/fields'
import { type Fields, type Method, methods, type NodeLibrary } from '../src/library'
import { plugin } from '../src/plugins'
import { outcomeOf, startClient } from '../src/start-client'
import { coreSubjects, nodeSubjects } from '../src/subjects'

const event: Fields = { userId: 'u', event: 'E' }
const calls: Record<Method, Fields> = {
  track: event,
  identify: { userId: 'u' },
  page: { userId: 'u' },
  screen: { userId: 'u' },
  group: { userId: 'u', groupId: 'g' },
  alias: { userId: 'u', previousId: 'p' },
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe.each(nodeSubjects)('plugins of $name', (subject) => {
  let library: NodeLibrary
  beforeAll(async () => {
    library = await subject.load()
  })

  it('runs before, enrichment, destinations and after, in that order, each type in the order of registration', async () => {
    const { analytics } = await startClient(subject)
    const ran: string[] = []
    const note = (type: string, name: string) =>
      plugin(type, name, async (ctx) => {
        ran.push(name)
        return ctx
      })
    await analytics.register(
      note('after', 'after'),
      note('destination', 'destination'),
      note('utility', 'utility'),
      note('enrichment', 'enrichment 1'),
      note('before', 'before 1'),
      note('enrichment', 'enrichment 2'),
      note('before', 'before 2'),
    )

    await outcomeOf((callback) => analytics.track(event, callback))

    expect(ran).toEqual(['before 1', 'before 2', 'enrichment 1', 'enrichment 2', 'destination', 'after'])
  })

  it('waits for one slow plugin before it runs the next, but runs destinations side by side', async () => {
    const { analytics } = await startClient(subject)
    const ran: string[] = []
    const slow = (type: string, name: string, ms: number) =>
      plugin(type, name, async (ctx) => {
        ran.push(`${name} starts`)
        await pause(ms)
        ran.push(`${name} ends`)
        return ctx
      })
    await analytics.register(
      slow('before', 'b1', 20),
      slow('before', 'b2', 1),
      slow('enrichment', 'e1', 20),
      slow('enrichment', 'e2', 1),
      slow('destination', 'd1', 60),
      slow('destination', 'd2', 1),
    )

    await outcomeOf((callback) => analytics.track(event, callback))

    expect(ran).toEqual([
      'b1 starts',
      'b1 ends',
      'b2 starts',
      'b2 ends',
      'e1 starts',
      'e1 ends',
      'e2 starts',
      'e2 ends',
      'd1 starts',
      'd2 starts',
      'd2 ends',
      'd1 ends',
    ])
  })

  it('loads a plugin once, with a context and the client, and never asks whether it is loaded', async () => {
    const { analytics } = await startClient(subject)
    const load = vi.fn(async () => {})
    const isLoaded = vi.fn(() => false)
    const ready = vi.fn(async () => {})

    await analytics.register(plugin('enrichment', 'mine', undefined, { load, isLoaded, ready }))
    await outcomeOf((callback) => analytics.track(event, callback))

    expect(load).toHaveBeenCalledOnce()
    const [ctx, client] = load.mock.calls[0] as unknown as unknown[]
    expect(ctx).toBeInstanceOf(library.Context)
    expect(client).toBe(analytics)
    expect(isLoaded).not.toHaveBeenCalled()
    expect(ready).not.toHaveBeenCalled()
  })

  it.each(methods)(
    'calls the %s hook with the context of the event, as a method of the plugin',
    async (method) => {
      const { analytics } = await startClient(subject)
      const hook = vi.fn((ctx) => ctx)
      const mine = plugin('enrichment', 'mine', undefined, { [method]: hook })
      await analytics.register(mine)

      for (const other of methods) analytics[other](calls[other])
      await analytics.flush()

      expect(hook).toHaveBeenCalledOnce()
      expect(hook.mock.contexts[0]).toBe(mine)
      expect(hook.mock.calls[0]?.[0]).toBeInstanceOf(library.Context)
      expect(envelope(hook.mock.calls[0]?.[0]).event.type).toBe(method)
    },
  )

  it('sends what a before or enrichment plugin changes, however it changes it', async () => {
    const { analytics, http } = await startClient(subject)
    await analytics.register(
      plugin('before', 'path', (ctx) => {
        ctx.updateEvent('properties.nested.path', 1)
        return ctx
      }),
      plugin('enrichment', 'direct', (ctx) => {
        Object.assign(fields(ctx.event.properties), { direct: 2 })
        return ctx
      }),
      plugin('enrichment', 'whole', async (ctx) => {
        ctx.event = { ...ctx.event, userId: 'other' }
        return ctx
      }),
    )

    await outcomeOf((callback) => analytics.track(event, callback))

    expect(at(http.events(), 0, 'properties')).toEqual({ nested: { path: 1 }, direct: 2 })
    expect(at(http.events(), 0, 'userId')).toBe('other')
  })

  it.each(['before', 'enrichment'])('goes on with another context that a %s plugin returns', async (type) => {
    const { analytics, http } = await startClient(subject)
    await analytics.register(
      plugin(type, 'swap', (ctx) => new library.Context({ ...ctx.event, event: 'Swapped' })),
    )

    const { ctx } = await outcomeOf((callback) => analytics.track(event, callback))

    expect(at(http.events(), 0, 'event')).toBe('Swapped')
    expect(envelope(ctx).event.event).toBe('Swapped')
  })

  it('does not show its own fields to before and enrichment plugins', async () => {
    const { analytics } = await startClient(subject)
    const seen: Fields[] = []
    await analytics.register(
      plugin('enrichment', 'look', (ctx) => {
        seen.push(structuredClone(ctx.event))
        return ctx
      }),
    )

    await outcomeOf((callback) => analytics.track({ ...event, context: { a: 1 } }, callback))

    expect(seen[0]?.context).toEqual({ a: 1 })
    expect(seen[0]).not.toHaveProperty('_metadata')
  })

  it.each([
    {
      title: 'throws',
      hook: () => {
        throw new Error('mine')
      },
    },
    { title: 'rejects', hook: () => Promise.reject(new Error('mine')) },
  ])('fails an event when a before plugin $title, and sends nothing', async ({ hook }) => {
    const { analytics, http, log } = await startClient(subject)
    const after = vi.fn((ctx) => ctx)
    await analytics.register(plugin('before', 'bad', hook), plugin('enrichment', 'next', after))

    const { err } = await outcomeOf((callback) => analytics.track(event, callback))
    await log.seen('drained')

    expect(err).toEqual(new Error('mine'))
    expect(log.errors().map(({ code, reason }) => ({ code, reason }))).toEqual([
      { code: 'delivery_failure', reason: new Error('mine') },
    ])
    expect(after).not.toHaveBeenCalled()
    expect(http.requests).toHaveLength(0)
  })

  it('fails an event when a before plugin returns something that is no context', async () => {
    const { analytics, http, log } = await startClient(subject)
    await analytics.register(plugin('before', 'forgetful', () => undefined))

    analytics.track(event)
    await log.seen('drained')

    expect(log.errors().map(({ code }) => code)).toEqual(['delivery_failure'])
    expect(http.requests).toHaveLength(0)
  })

  it.each([
    {
      title: 'throws',
      hook: () => {
        throw new Error('mine')
      },
    },
    { title: 'rejects', hook: () => Promise.reject(new Error('mine')) },
    { title: 'returns nothing', hook: () => undefined },
  ])('sends an event all the same when an enrichment plugin $title', async ({ hook }) => {
    const { analytics, http, log } = await startClient(subject)
    const next = vi.fn((ctx) => ctx)
    await analytics.register(plugin('enrichment', 'bad', hook), plugin('enrichment', 'next', next))

    const { err } = await outcomeOf((callback) => analytics.track(event, callback))
    await log.seen('drained')

    expect(err).toBeUndefined()
    expect(next).toHaveBeenCalledOnce()
    expect(http.requests).toHaveLength(1)
    expect(log.names()).toContain('track')
    expect(log.errors()).toEqual([])
  })

  it('notes in the logs of the event what an enrichment plugin threw', async () => {
    const { analytics } = await startClient(subject)
    await analytics.register(
      plugin('enrichment', 'bad', () => {
        throw new Error('mine')
      }),
    )

    const { ctx } = await outcomeOf((callback) => analytics.track(event, callback))

    expect(envelope(ctx).logs()).toContainEqual({
      level: 'error',
      message: 'plugin Error',
      time: expect.any(Date),
      extras: { plugin: 'bad', error: new Error('mine') },
    })
  })

  it('delivers to the API even when another destination fails, and counts the event as delivered', async () => {
    const { analytics, http, log } = await startClient(subject)
    await analytics.register(
      plugin('destination', 'bad', () => {
        throw new Error('mine')
      }),
    )

    const { err, ctx } = await outcomeOf((callback) => analytics.track(event, callback))
    await log.seen('track')

    expect(err).toBeUndefined()
    expect(envelope(ctx).failedDelivery()).toBeUndefined()
    expect(http.requests).toHaveLength(1)
  })

  it('runs after plugins once the answer is there, and lets them see a failure', async () => {
    const { analytics, http } = await startClient(subject, { replies: [404] })
    const seen: unknown[] = []
    await analytics.register(
      plugin('after', 'look', (ctx) => {
        seen.push(http.requests.length, ctx.failedDelivery())
        return ctx
      }),
    )

    await outcomeOf((callback) => analytics.track(event, callback))

    expect(seen).toEqual([1, { reason: new Error('[404] Text 404') }])
  })

  it('delivers an event although an after plugin throws', async () => {
    const { analytics, log } = await startClient(subject)
    await analytics.register(
      plugin('after', 'bad', () => {
        throw new Error('mine')
      }),
    )

    const { err } = await outcomeOf((callback) => analytics.track(event, callback))
    await log.seen('drained')

    expect(err).toBeUndefined()
    expect(log.names()).toContain('track')
  })

  describe('registering', () => {
    it('emits register once for all plugins of a call, after they are loaded', async () => {
      const { analytics, log } = await startClient(subject)
      await analytics.ready
      log.clear()
      const loaded: string[] = []
      const slow = (name: string, ms: number) =>
        plugin('enrichment', name, undefined, {
          load: async () => {
            await pause(ms)
            loaded.push(...log.names(), name)
          },
        })

      expect(await analytics.register(slow('one', 20), slow('two', 1))).toBeUndefined()

      expect(loaded).toEqual(['two', 'one'])
      expect(log.all).toEqual([{ name: 'register', args: [['one', 'two']] }])
    })

    it.each(['before', 'enrichment', 'after', 'utility'])(
      'holds all events until a %s plugin is loaded',
      async (type) => {
        const { analytics, http } = await startClient(subject)
        await analytics.ready
        let loaded: (value?: unknown) => void = () => {}
        const load = () => new Promise((resolve) => (loaded = resolve))

        const registered = analytics.register(plugin(type, 'slow', undefined, { load }))
        const outcome = outcomeOf((callback) => analytics.track(event, callback))
        await pause(20)
        const early = http.requests.length
        loaded()
        await registered
        await outcome

        expect(early).toBe(0)
        expect(http.requests).toHaveLength(1)
      },
    )

    it('does not wait for a destination to load', async () => {
      const { analytics, http } = await startClient(subject)

      await analytics.register(
        plugin('destination', 'slow', undefined, { load: () => new Promise(() => {}) }),
      )
      await outcomeOf((callback) => analytics.track(event, callback))

      expect(http.requests).toHaveLength(1)
    })

    it.each(['before', 'enrichment', 'after', 'utility', 'destination'])(
      'resolves, warns, and drops a %s plugin that fails to load',
      async (type) => {
        const { analytics, http, log } = await startClient(subject)
        const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
        const hook = vi.fn((ctx) => ctx)
        const load = () => Promise.reject(new Error('mine'))

        await analytics.register(plugin(type, 'bad', hook, { load }))
        await pause(5)
        const said = warn.mock.calls
        warn.mockRestore()
        await outcomeOf((callback) => analytics.track(event, callback))

        expect(said).toEqual([['bad', new Error('mine')]])
        expect(log.of('register')).toContainEqual(['bad'])
        expect(hook).not.toHaveBeenCalled()
        expect(http.requests).toHaveLength(1)
      },
    )

    it('keeps two plugins of the same name', async () => {
      const { analytics } = await startClient(subject)
      const hook = vi.fn((ctx) => ctx)

      await analytics.register(plugin('enrichment', 'twin', hook), plugin('enrichment', 'twin', hook))
      await outcomeOf((callback) => analytics.track(event, callback))

      expect(hook).toHaveBeenCalledTimes(2)
    })
  })

  describe('deregistering', () => {
    it('unloads the first plugin of the name, removes all of them, and emits deregister', async () => {
      const { analytics, log } = await startClient(subject)
      const hook = vi.fn((ctx) => ctx)
      const unload = vi.fn()
      await analytics.register(
        plugin('enrichment', 'twin', hook, { unload }),
        plugin('enrichment', 'twin', hook, { unload }),
      )

      await analytics.deregister('twin', 'nobody')
      await outcomeOf((callback) => analytics.track(event, callback))

      expect(unload).toHaveBeenCalledOnce()
      const [ctx, client] = unload.mock.calls[0] ?? []
      expect(ctx).toBeInstanceOf(library.Context)
      expect(client).toBe(analytics)
      expect(hook).not.toHaveBeenCalled()
      expect(log.of('deregister')).toEqual([['twin', 'nobody']])
    })

    it('keeps a plugin whose unload fails', async () => {
      const { analytics, log } = await startClient(subject)
      const hook = vi.fn((ctx) => ctx)
      await analytics.register(
        plugin('enrichment', 'clingy', hook, { unload: () => Promise.reject(new Error('mine')) }),
      )

      await analytics.deregister('clingy')
      await outcomeOf((callback) => analytics.track(event, callback))

      expect(hook).toHaveBeenCalledOnce()
      expect(log.of('deregister')).toEqual([['clingy']])
    })

    it('stops sending when its own destination is removed', async () => {
      const { analytics, http, log } = await startClient(subject)
      await analytics.ready

      await analytics.deregister('Segment.io')
      const { err } = await outcomeOf((callback) => analytics.track(event, callback))
      await log.seen('track')

      expect(err).toBeUndefined()
      expect(http.requests).toHaveLength(0)
    })
  })

  describe('the integrations of an event', () => {
    it.each<{ integrations: unknown; alternativeNames?: string[]; runs: boolean; sends: boolean }>([
      { integrations: undefined, runs: true, sends: true },
      { integrations: {}, runs: true, sends: true },
      { integrations: { All: true }, runs: true, sends: true },
      { integrations: { All: false }, runs: false, sends: true },
      { integrations: { All: false, Mine: true }, runs: true, sends: true },
      { integrations: { All: false, Mine: {} }, runs: true, sends: true },
      { integrations: { All: false, Mine: { a: 1 } }, runs: true, sends: true },
      { integrations: { All: false, Mine: undefined }, runs: false, sends: true },
      { integrations: { Mine: false }, runs: false, sends: true },
      { integrations: { Mine: undefined }, runs: true, sends: true },
      { integrations: { All: false, Other: true }, runs: false, sends: true },
      { integrations: { 'Segment.io': false }, runs: true, sends: false },
      { integrations: { All: false, 'Segment.io': true }, runs: false, sends: true },
      { integrations: { All: true, 'Segment.io': false, Mine: false }, runs: false, sends: false },
      { integrations: { Alias: false }, alternativeNames: ['Alias'], runs: false, sends: true },
      { integrations: { All: false, Alias: true }, alternativeNames: ['Alias'], runs: true, sends: true },
      { integrations: { Mine: true, Alias: false }, alternativeNames: ['Alias'], runs: true, sends: true },
      { integrations: { A: true, B: false }, alternativeNames: ['A', 'B'], runs: false, sends: true },
      { integrations: { A: false, B: true }, alternativeNames: ['A', 'B'], runs: true, sends: true },
      { integrations: { A: false }, alternativeNames: ['A', 'B'], runs: false, sends: true },
    ])('$integrations with names $alternativeNames: runs $runs, sends $sends', async (row) => {
      const { analytics, http, log } = await startClient(subject)
      const hook = vi.fn((ctx) => ctx)
      const rest = row.alternativeNames === undefined ? {} : { alternativeNames: row.alternativeNames }
      await analytics.register(plugin('destination', 'Mine', hook, rest))

      analytics.track({ ...event, integrations: row.integrations })
      await log.seen('drained')

      expect(hook).toHaveBeenCalledTimes(row.runs ? 1 : 0)
      expect(http.requests).toHaveLength(row.sends ? 1 : 0)
      expect(log.names().slice(-2)).toEqual(['track', 'drained'])
    })

    it.each(['before', 'enrichment', 'after'])('never filter a %s plugin', async (type) => {
      const { analytics } = await startClient(subject)
      const hook = vi.fn((ctx) => ctx)
      await analytics.register(plugin(type, 'Mine', hook))

      await outcomeOf((callback) =>
        analytics.track({ ...event, integrations: { All: false, Mine: false } }, callback),
      )

      expect(hook).toHaveBeenCalledOnce()
    })

    it('do filter any plugin that is named as its own destination', async () => {
      const { analytics } = await startClient(subject)
      const hook = vi.fn((ctx) => ctx)
      await analytics.register(plugin('after', 'Segment.io', hook))

      await outcomeOf((callback) => analytics.track({ ...event, integrations: { All: false } }, callback))
      await outcomeOf((callback) =>
        analytics.track({ ...event, integrations: { 'Segment.io': false } }, callback),
      )

      expect(hook).toHaveBeenCalledOnce()
    })

    it('may be changed by an enrichment plugin', async () => {
      const { analytics } = await startClient(subject)
      const hook = vi.fn((ctx) => ctx)
      await analytics.register(
        plugin('destination', 'Mine', hook),
        plugin('enrichment', 'deny', (ctx) => {
          ctx.updateEvent('integrations.Mine', false)
          return ctx
        }),
      )

      await outcomeOf((callback) => analytics.track(event, callback))

      expect(hook).not.toHaveBeenCalled()
    })
  })
})

describe.each(coreSubjects)('a middleware cancellation in $name', (core) => {
  const subject = nodeSubjects.find(({ name }) => name === core.name) ?? expect.unreachable()

  it('stops an event in an enrichment plugin, and nothing is sent', async () => {
    const { ContextCancelation } = await core.load()
    const { analytics, http, log } = await startClient(subject)
    await analytics.register(
      plugin('enrichment', 'stop', (ctx) =>
        ctx.cancel(new ContextCancelation({ type: 'middleware_cancellation', reason: 'no', retry: false })),
      ),
    )

    const { err } = await outcomeOf((callback) => analytics.track(event, callback))
    await log.seen('drained')

    expect(err).toBeInstanceOf(ContextCancelation)
    expect(err).toMatchObject({ type: 'middleware_cancellation', reason: 'no', retry: false })
    expect(http.requests).toHaveLength(0)
    expect(log.names()).not.toContain('track')
  })
})
