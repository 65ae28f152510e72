import { describe } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import type { MiddlewareCall, PageClient } from '../../src/browser/library'
import type { Page } from '../../src/browser/page'
import { fields } from '../../src/fields'
import type { Hook, PluginLike } from '../../src/library'
import { plugin } from '../../src/plugins'

const types = ['before', 'enrichment', 'destination', 'after', 'utility']
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A plugin that writes down its name and hands the event on. */
function noting(ran: string[], type: string, name: string, ms = 0): PluginLike {
  const hook: Hook = async (ctx) => {
    ran.push(`${name} ${String(ctx.event.type)}`)
    if (ms > 0) await wait(ms)
    ran.push(`${name} done`)
    return ctx
  }
  const hooks = { track: hook, page: hook, screen: hook, identify: hook, group: hook, alias: hook }
  return plugin(type, name, undefined, hooks)
}

async function tracked(page: Page, client: PageClient) {
  const { emitted } = page.listen(client)
  const end = await page.settled(client.track('E', { a: 1 }))
  return {
    emitted: emitted.map(([name, , other]) => (name === 'message_enriched' ? [name, other] : [name])),
    end,
    sent: page.sent().map(({ event, properties, integrations }) => ({ event, properties, integrations })),
  }
}

describe('the pipeline', () => {
  agrees('runs plugins by type, and by registration within a type', async (page) => {
    const client = await page.start()
    const ran: string[] = []
    for (const type of [...types].reverse()) {
      await page.value(client.register(noting(ran, type, `${type} 1`, 5), noting(ran, type, `${type} 2`)))
    }
    await page.value(client.track('E'))
    return ran
  })

  agrees('gives all six types to plugins', async (page) => {
    const client = await page.start()
    const ran: string[] = []
    await page.value(client.register(noting(ran, 'enrichment', 'p')))
    await page.value(client.track('E'))
    await page.value(client.page())
    await page.value(client.screen())
    await page.value(client.identify('u'))
    await page.value(client.group('g'))
    await page.value(client.alias('to'))
    return ran
  })

  for (const type of ['before', 'enrichment', 'after']) {
    agrees(`goes on with what a ${type} plugin changes`, async (page) => {
      const client = await page.start()
      await page.value(
        client.register(
          plugin(type, 'mine', (ctx) => {
            ctx.updateEvent('properties.added.deep', true)
            ctx.event.event = 'Renamed'
            return ctx
          }),
        ),
      )
      return tracked(page, client)
    })

    agrees(`takes a new context from a ${type} plugin`, async (page) => {
      const client = await page.start()
      await page.value(
        client.register(
          plugin(type, 'mine', (ctx) => new page.library.Context({ ...ctx.event, event: 'Replaced' })),
        ),
      )
      return tracked(page, client)
    })
  }

  for (const type of types) {
    agrees(`does not run a ${type} plugin that has no hook for the event`, async (page) => {
      const client = await page.start()
      await page.value(client.register(plugin(type, 'mine', undefined, { page: (ctx) => ctx })))
      return tracked(page, client)
    })
  }

  for (const type of ['enrichment', 'destination', 'after']) {
    agrees(`goes on past a ${type} plugin that throws`, async (page) => {
      const client = await page.start()
      await page.value(
        client.register(
          plugin(type, 'mine', () => {
            throw new Error('mine')
          }),
        ),
      )
      const { emitted, sent } = await tracked(page, client)
      return { emitted, sent }
    })
  }

  agrees('ends an event that a before plugin cancels for good', async (page) => {
    const client = await page.start()
    await page.value(
      client.register(
        plugin('before', 'mine', (ctx) =>
          ctx.cancel(new page.library.ContextCancelation({ retry: false, type: 't', reason: 'r' })),
        ),
      ),
    )
    const { emitted, sent } = await tracked(page, client)
    return { emitted, sent }
  })

  agrees('tries an event again that a before plugin refused once', async (page) => {
    const client = await page.start()
    let refusals = 1
    await page.value(
      client.register(
        plugin('before', 'mine', (ctx) => {
          if (refusals-- > 0) throw new Error('not yet')
          return ctx
        }),
      ),
    )
    const { emitted } = page.listen(client)
    const end = await page.settled(client.track('E'), 10_000)
    return [
      emitted.map(([name]) => name).filter((name) => name !== 'flush'),
      end,
      page.sent().map(({ event }) => event),
    ]
  })

  agrees('shows plugins the event before the library has normalised it', async (page) => {
    const client = await page.start()
    let seen: unknown
    await page.value(
      client.register(
        plugin('before', 'mine', (ctx) => {
          seen = { ...ctx.event }
          return ctx
        }),
      ),
    )
    await page.value(client.track('E', { a: 1 }, { userId: 'u', ip: '1.2.3.4' }))
    return seen
  })
})

describe('register', () => {
  agrees('loads plugins with a context and the client, and answers a context of the system', async (page) => {
    const client = await page.start()
    const loads: unknown[] = []
    const answer = client.register(
      plugin('enrichment', 'mine', undefined, {
        load: async (ctx, analytics) => void loads.push(ctx, analytics === client),
      }),
    )
    const there = client.queue.plugins.map(({ name }) => name)
    return [there, await page.value(answer), loads, client.queue.plugins.map(({ name }) => name)]
  })

  for (const type of types) {
    agrees(`leaves out a ${type} plugin that cannot be loaded`, async (page) => {
      const client = await page.start()
      const { emitted } = page.listen(client)
      const bad = plugin(type, 'bad', (ctx) => ctx, { load: () => Promise.reject(new Error('mine')) })
      const end = await page.settled(client.register(bad))
      await page.pass(10)
      await page.value(client.track('E'))
      return [
        emitted.map(([name, about]) => [name, name === 'initialization_failure' && about]),
        end,
        client.queue.plugins.map(({ name }) => name),
        client.queue.failedInitializations,
        page.printed.map(({ level }) => level),
        page.sent().map(({ _metadata }) => _metadata),
      ]
    })
  }

  for (const type of types) {
    agrees(`waits for a ${type} plugin, or does not`, async (page) => {
      const client = await page.start()
      const start = Date.now()
      await page.value(client.register(plugin(type, 'slow', (ctx) => ctx, { load: () => wait(50) })))
      return Date.now() - start >= 50
    })
  }
})

describe('deregister', () => {
  agrees('unloads and removes plugins', async (page) => {
    const client = await page.start()
    const ran: string[] = []
    const mine = { ...noting(ran, 'enrichment', 'mine'), unload: () => void ran.push('unload') }
    await page.value(client.register(mine, noting(ran, 'enrichment', 'other')))
    const ctx = await page.value(client.deregister('mine', 'unknown'))
    await page.value(client.track('E'))
    return [ran, ctx, ctx.logs().map(({ level, message }) => [level, message]), client.queue.plugins]
  })
})

describe('source middleware', () => {
  const named = (name: string, run: (call: MiddlewareCall) => unknown) =>
    Object.defineProperty(run, 'name', { value: name })

  agrees('changes events', async (page) => {
    const client = await page.start()
    const answer = await page.value(
      client.addSourceMiddleware(
        named('add', ({ payload, next }) => {
          payload.obj.properties = { ...fields(payload.obj.properties), added: true }
          next(payload)
        }),
      ),
    )
    const added = client.queue.plugins.filter(({ name }) => name.startsWith('Source'))
    return [
      answer === client,
      added.map(({ name, type, version }) => [name, type, version]),
      await tracked(page, client),
    ]
  })

  agrees('runs in order, before other plugins, and tells of the destinations', async (page) => {
    const client = await page.start()
    const ran: unknown[] = []
    await page.value(client.register(plugin('destination', 'D', (ctx) => ctx)))
    await page.value(
      client.register(
        plugin('enrichment', 'E', (ctx) => {
          ran.push('E')
          return ctx
        }),
      ),
    )
    for (const name of ['1', '2']) {
      await page.value(
        client.addSourceMiddleware(({ payload, integrations, next }) => {
          ran.push(name, integrations)
          next(payload)
        }),
      )
    }
    await page.value(client.track('E'))
    return ran
  })

  agrees('drops the event when next is not called', async (page) => {
    const client = await page.start()
    await page.value(client.addSourceMiddleware(() => {}))
    const { emitted } = page.listen(client)
    const ctx = await page.value(client.track('E'))
    const { retry, type, reason } = fields(ctx.failedDelivery()?.reason)
    return [emitted.map(([name]) => name), retry, type, reason, page.sent().length]
  })

  agrees('may answer a promise', async (page) => {
    const client = await page.start()
    await page.value(
      client.addSourceMiddleware(async ({ payload, next }) => {
        await wait(20)
        payload.obj.event = 'Later'
        next(payload)
      }),
    )
    await page.value(client.track('E'))
    return page.sent().map(({ event }) => event)
  })

  agrees('reads events through the payload', async (page) => {
    const client = await page.start()
    const seen: unknown[] = []
    await page.value(
      client.addSourceMiddleware(({ payload, next }) => {
        seen.push(
          ['type', 'userId', 'anonymousId', 'event', 'properties', 'groupId'].map((name) =>
            payload[name]?.(),
          ),
          payload.field?.('event'),
          payload.proxy?.('properties.a'),
          Object.keys(fields(payload.obj)).sort(),
        )
        next(payload)
      }),
    )
    await page.value(client.track('E', { a: 1 }))
    return seen
  })

  agrees('holds up events that come while it is added', async (page) => {
    const client = await page.start()
    void client.addSourceMiddleware(({ payload, next }) => {
      payload.obj.event = 'Changed'
      next(payload)
    })
    await page.value(client.track('E'))
    return page.sent().map(({ event }) => event)
  })
})

describe('destination middleware', () => {
  agrees('is handed to the destinations of its name that take it', async (page) => {
    const client = await page.start()
    const got: unknown[] = []
    const taking = (name: string, type: string) => ({
      ...plugin(type, name, (ctx) => ctx),
      addMiddleware: (...middleware: unknown[]) => got.push([name, middleware.length]),
    })
    await page.value(
      client.register(taking('A B', 'destination'), taking('C', 'destination'), taking('E', 'enrichment')),
    )
    const one = () => {}
    const answers = [
      await page.value(client.addDestinationMiddleware('a b', one, one)),
      await page.value(client.addDestinationMiddleware('*', one)),
      await page.value(client.addDestinationMiddleware('unknown', one)),
    ]
    return [got, answers.map((answer) => answer === client)]
  })
})

describe('integrations', () => {
  const run = async (page: Page, options: object, ofCall: unknown) => {
    const client = await page.start({ ...options })
    const ran: string[] = []
    const withAlias = { ...noting(ran, 'destination', 'Aliased'), alternativeNames: ['Other', 'Third'] }
    await page.value(
      client.register(noting(ran, 'destination', 'Mine'), withAlias, noting(ran, 'enrichment', 'Enriching')),
    )
    await page.value(client.track('E', {}, ofCall === undefined ? {} : { integrations: ofCall }))
    return [ran.filter((line) => !line.endsWith('done')), page.sent().map(({ integrations }) => integrations)]
  }

  for (const ofCall of [
    undefined,
    {},
    { All: false },
    { All: true },
    { Mine: false },
    { Mine: true, All: false },
    { Mine: { a: 1 }, All: false },
    { 'Segment.io': false },
    { 'Segment.io': true, All: false },
    { Other: false },
    { Other: true, All: false },
    { Aliased: true, Other: false },
    { Other: false, Third: true },
    { Enriching: false },
  ]) {
    agrees(`of a call: ${JSON.stringify(ofCall)}`, (page) => run(page, {}, ofCall))
  }

  for (const integrations of [
    { All: false },
    { All: false, 'Segment.io': true },
    { 'Segment.io': false },
    { 'Segment.io': { apiHost: 'api.example.com/v1' }, Mine: false },
    { All: false, 'Segment.io': { apiHost: 'api.example.com/v1' } },
    { Mine: { a: 1 }, Other: false },
    { All: false, Mine: true },
  ]) {
    agrees(`of the client: ${JSON.stringify(integrations)}`, (page) => run(page, { integrations }, undefined))
    agrees(`of the client: ${JSON.stringify(integrations)}, and of a call`, (page) =>
      run(page, { integrations }, { Mine: true, Other: { x: 1 } }),
    )
  }

  agrees('may be switched off by an enrichment plugin', async (page) => {
    const client = await page.start()
    const ran: string[] = []
    await page.value(
      client.register(
        noting(ran, 'destination', 'Mine'),
        plugin('enrichment', 'off', (ctx) => {
          ctx.updateEvent('integrations.Mine', false)
          return ctx
        }),
      ),
    )
    await page.value(client.track('E'))
    return ran
  })
})

describe('ready', () => {
  agrees('resolves with what the plugins answer', async (page) => {
    const client = await page.start()
    await page.value(
      client.register(
        plugin('enrichment', 'a', undefined, { ready: () => Promise.resolve('a is') }),
        plugin('destination', 'b', undefined, { ready: () => wait(30).then(() => 'b is') }),
      ),
    )
    const called: unknown[] = []
    return [await page.value(client.ready((results) => called.push(results))), called]
  })

  agrees('rejects when a plugin does', async (page) => {
    const client = await page.start()
    const ready = () => Promise.reject(new Error('mine'))
    await page.value(client.register(plugin('enrichment', 'a', undefined, { ready })))
    return page.settled(client.ready())
  })
})

describe('use', () => {
  agrees('hands over the client at once', async (page) => {
    const client = await page.start()
    const got: unknown[] = []
    const answer = client.use((analytics) => got.push(analytics === client))
    return [got, answer === client]
  })
})
