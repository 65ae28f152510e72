import { describe, expect, it, vi } from 'vitest'
import type { Analytics, Context, DestinationMiddlewareFunction, InitOptions, Plugin } from '../../../src'
import { settled, useFreshPages } from '../../client/support/start-page'
import { action, entry } from './support/fake-destination'
import { openPage } from './support/open-page'

useFreshPages()

/** A client whose source has the destination Alpha, of these actions. */
async function startClient(actions: Plugin[], options: InitOptions = {}) {
  const alpha = entry('Alpha')
  const { scripts, server, analytics } = openPage([alpha], options)
  await scripts.arrive(alpha, () => actions)
  const [client] = await analytics
  return { server, client }
}

/** What was counted of actions, as `metric method of name`. */
function counted({ stats }: Context): string[] {
  return stats.metrics
    .filter(({ metric }) => metric.startsWith('analytics_js.integration.'))
    .map(({ metric, value, tags }) => [metric, value, ...tags].join(' '))
}

describe('an action of a destination', () => {
  it('gets the calls that it has a hook for', async () => {
    const seen: string[] = []
    const { alias: _, ...send } = action(seen, 'Alpha Send')
    const { client, server } = await startClient([send])
    await client.track('A')
    await client.page()
    await client.identify('U')
    await client.group('G')
    await client.alias('V')
    await client.screen()

    expect(seen).toEqual(['A', 'page', 'identify', 'group'].map((name) => `Alpha Send: ${name}`))
    expect(server.names).toEqual(['A', 'page', 'identify', 'group', 'alias', 'screen'])
  })

  it('is called as a method of its plugin', async () => {
    const sender = {
      ...action([], 'Alpha Send'),
      sent: 0,
      track(ctx: Context) {
        this.sent++
        return ctx
      },
    }
    const { client } = await startClient([sender])
    await client.track('A')

    expect(sender.sent).toBe(1)
  })

  it('gets a copy of the event: what it does with that is seen by nobody else', async () => {
    const seen: unknown[] = []
    const scribble = (name: string) =>
      action([], name, {
        track(ctx) {
          seen.push(ctx.event.properties)
          ctx.updateEvent('properties.by', name)
          ctx.event.event = 'Other'
          return ctx
        },
      })
    const { client, server } = await startClient([scribble('Alpha One'), scribble('Alpha Two')])
    const ctx = await client.track('A', { total: 1 })

    expect(seen).toEqual([
      { total: 1, by: 'Alpha One' },
      { total: 1, by: 'Alpha Two' },
    ])
    expect(ctx.event).toMatchObject({ event: 'A', properties: { total: 1 } })
    expect(server.events[0]).toMatchObject({ event: 'A', properties: { total: 1 } })
  })

  it.each(['before', 'enrichment', 'after'] as const)(
    'gets the event itself if it is of type %s',
    async (type) => {
      const got: Context[] = []
      const track = (ctx: Context) => {
        got.push(ctx)
        return ctx
      }
      const { client } = await startClient([action([], 'Alpha Other', { type, track })])

      const ctx = await client.track('A')

      expect(got).toHaveLength(1)
      expect(got[0]).toBe(ctx)
    },
  )

  it('before the event is sent may change it, also for one destination alone', async () => {
    const { client, server } = await startClient([
      action([], 'Alpha Session', {
        type: 'enrichment',
        async track(ctx) {
          await Promise.resolve()
          ctx.updateEvent('integrations.Alpha.session_id', 17)
          return ctx
        },
      }),
    ])
    await client.track('A')

    expect(server.events[0]?.integrations).toEqual({ Alpha: { session_id: 17 } })
  })

  it.each<[NonNullable<InitOptions['integrations']>, string[]]>([
    [{}, ['Alpha One', 'Alpha Two']],
    [{ Alpha: false }, []],
    [{ All: false, Alpha: { a: 1 } }, ['Alpha One', 'Alpha Two']],
    [{ All: false, 'Alpha Two': true }, ['Alpha Two']],
    [{ 'Alpha Two': false }, ['Alpha One']],
    [{ Alpha: true, 'Alpha Two': false }, ['Alpha One', 'Alpha Two']],
  ])(
    'gets what integrations say of the destination, or else of itself: %o → %j',
    async (integrations, names) => {
      const seen: string[] = []
      const { client } = await startClient([action(seen, 'Alpha One'), action(seen, 'Alpha Two')])
      await client.track('A', {}, { integrations })

      expect(seen).toEqual(names.map((name) => `${name}: A`))
    },
  )

  it('that fails harms neither its neighbours nor the event', async () => {
    const seen: string[] = []
    const reason = new Error('mine')
    const { client, server } = await startClient([
      action([], 'Alpha Bad', {
        track() {
          throw reason
        },
      }),
      action(seen, 'Alpha Good'),
    ])
    const failed: unknown[] = []
    client.queue.on('destination_failure', (_, { name }, why) => failed.push([name, why]))
    await client.track('A')

    expect(seen).toEqual(['Alpha Good: A'])
    expect(server.names).toEqual(['A'])
    expect(failed).toEqual([['Alpha', reason]])
  })

  it('is loaded and called beside the others of its destination, which can share what they begin', async () => {
    const begin = vi.fn(async () => 'client')
    let begun: Promise<string> | undefined
    const load = () => {
      begun ??= begin()
      return begun
    }
    const seen: string[] = []
    const { client } = await startClient([
      action(seen, 'Alpha One', { load }),
      action(seen, 'Alpha Two', { load }),
    ])
    await client.track('A')

    expect(begin).toHaveBeenCalledTimes(1)
    expect(seen).toEqual(['Alpha One: A', 'Alpha Two: A'])
  })

  it('waits for what is still to be loaded while the Tracking API has the event already', async () => {
    const seen: string[] = []
    let isLoaded = () => {}
    const loading = new Promise<void>((resolve) => {
      isLoaded = resolve
    })
    const { client, server } = await startClient([action(seen, 'Alpha Send', { load: () => loading })])
    void client.track('A')
    await settled()
    expect([server.names, seen]).toEqual([['A'], []])

    isLoaded()
    await settled()
    expect(seen).toEqual(['Alpha Send: A'])
  })

  it('tells whether it is loaded, and is unloaded when its destination is deregistered', async () => {
    const unload = vi.fn()
    let isThere = false
    const { client } = await startClient([action([], 'Alpha Send', { unload, isLoaded: () => isThere })])
    const registered = client.queue.plugins.find(({ name }) => name === 'Alpha')
    expect(registered?.isLoaded()).toBe(false)
    isThere = true
    expect(registered?.isLoaded()).toBe(true)

    await client.deregister('Alpha')
    expect(unload).toHaveBeenCalledWith(expect.anything(), client)
  })

  it('sends what it keeps when the page asks for that', async () => {
    const flush = vi.fn(function (this: unknown) {
      return Promise.resolve(this)
    })
    const made = { ...action([], 'Alpha Send'), flush }
    const { client } = await startClient([made, action([], 'Alpha Other')])
    await client.flush()

    expect(flush).toHaveBeenCalled()
    expect(flush.mock.contexts[0]).toBe(made)
  })

  it('is counted: when it is loaded, called, and when it fails', async () => {
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha], { remotePluginWait: 1_000 })
    let isFailing = false
    const track = (ctx: Context) => {
      if (isFailing) throw new Error('mine')
      return ctx
    }
    await scripts.arrive(alpha, () => action([], 'Alpha Send', { track }))
    const [client, loading] = await analytics
    const good = await client.track('A')
    isFailing = true
    const bad = await client.track('B')

    const name = 'integration_name:Alpha Send type:action'
    expect(counted(loading)).toEqual([`analytics_js.integration.invoke 1 method:load ${name}`])
    expect(counted(good)).toEqual([`analytics_js.integration.invoke 1 method:track ${name}`])
    expect(counted(bad)).toEqual([
      `analytics_js.integration.invoke 1 method:track ${name}`,
      `analytics_js.integration.invoke.error 1 method:track ${name}`,
    ])
  })
})

describe('middleware of a destination', () => {
  const rename: DestinationMiddlewareFunction = ({ payload, integration, next }) => {
    payload.obj.event = `${payload.obj.event} for ${integration}`
    next(payload)
  }

  it('sees what each of its destinations gets, and changes it for that one alone', async () => {
    const seen: string[] = []
    const { client, server } = await startClient([action(seen, 'Alpha One'), action(seen, 'Alpha Two')])
    await client.addDestinationMiddleware('Alpha', rename)
    await client.track('A')

    expect(seen).toEqual(['Alpha One: A for Alpha', 'Alpha Two: A for Alpha'])
    expect(server.names).toEqual(['A'])
  })

  it('runs once, if it is added while its destination is being registered', async () => {
    const seen: string[] = []
    const { client } = await startClient([])
    const given: DestinationMiddlewareFunction[] = []
    const addMiddleware = (...middleware: DestinationMiddlewareFunction[]) => given.push(...middleware)
    const registered = client.register({ ...action(seen, 'Beta'), addMiddleware } as Plugin)
    void client.addDestinationMiddleware('Beta', rename)
    await registered

    expect(given).toEqual([rename])
  })

  it('drops events for its destination alone', async () => {
    const seen: string[] = []
    const { client, server } = await startClient([action(seen, 'Alpha Send')])
    await client.addDestinationMiddleware('*', ({ next }) => next(null))
    const ctx = await client.track('A')

    expect(seen).toEqual([])
    expect(server.names).toEqual(['A'])
    expect(ctx.failedDelivery()).toBeUndefined()
    expect(counted(ctx)).toEqual([])
  })

  it('does not see actions of other types', async () => {
    const seen: string[] = []
    const { client } = await startClient([
      action(seen, 'Alpha Enrich', { type: 'enrichment' }),
      action(seen, 'Alpha After', { type: 'after' }),
    ])
    await client.addDestinationMiddleware('Alpha', ({ next }) => next(null))
    await client.track('A')

    expect(seen).toEqual(['Alpha Enrich: A', 'Alpha After: A'])
  })
})

describe('what destinations find in the client', () => {
  async function hostOf(options: InitOptions = {}) {
    let host: Analytics | undefined
    const { client, server } = await startClient(
      [
        action([], 'Alpha Send', {
          async load(_, analytics) {
            host = analytics
          },
        }),
      ],
      options,
    )
    if (!host) throw new Error('The action was not loaded')
    return { host, client, server }
  }

  it('is the client itself', async () => {
    const { host, client } = await hostOf()

    expect(host).toBe(client)
  })

  it('is a place for values of their own', async () => {
    const { host } = await hostOf()
    host.storage.set('alpha_session', 17)

    expect(host.storage.get('alpha_session')).toBe(17)
    expect(localStorage.getItem('alpha_session')).toBe('17')
  })

  it('is a place that does not outlive the page, if nothing may be kept', async () => {
    const { host } = await hostOf({ disableClientPersistence: true })
    host.storage.set('alpha_session', 17)

    expect(host.storage.get('alpha_session')).toBe(17)
    expect(localStorage.getItem('alpha_session')).toBeNull()
  })

  it('are the visitor and the group', async () => {
    const { host, client } = await hostOf()
    await client.identify('U', { plan: 'pro' })
    await client.group('G', { seats: 5 })

    expect([host.user().id(), host.user().traits()]).toEqual(['U', { plan: 'pro' }])
    expect(host.user().anonymousId()).toEqual(expect.any(String))
    expect([host.group().id(), host.group().traits()]).toEqual(['G', { seats: 5 }])
  })

  it('is a time when all are ready', async () => {
    const { host } = await hostOf()
    const ready = vi.fn()
    await host.ready(ready)

    expect(ready).toHaveBeenCalledTimes(1)
  })

  it('is when the visitor is forgotten, which they may also take over', async () => {
    const { host, client } = await hostOf()
    const forgotten = vi.fn()
    host.on('reset', forgotten)
    const { reset } = host
    const mine = vi.fn(() => reset())
    host.reset = mine
    client.reset()

    expect(mine).toHaveBeenCalledTimes(1)
    expect(forgotten).toHaveBeenCalledTimes(1)
  })

  it('is a way to track events of their own', async () => {
    const { host, server } = await hostOf()
    await host.track('session_start', {}, { integrations: { All: false, 'Segment.io': true } })

    expect(server.names).toEqual(['session_start'])
  })
})
