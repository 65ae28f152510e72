import { describe } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import { callOf, type Page, stateOf } from '../../src/browser/page'
import { plugin } from '../../src/plugins'

describe('what a client emits', () => {
  for (const [method, args] of [
    ['track', ['E', { a: 1 }, { userId: 'x' }]],
    ['page', ['C', 'N', { a: 1 }]],
    ['page', []],
    ['screen', ['C', 'N', { a: 1 }]],
    ['screen', []],
    ['identify', ['u', { a: 1 }]],
    ['identify', [{ a: 1 }]],
    ['group', ['g', { a: 1 }]],
    ['alias', ['to', 'from']],
    ['alias', ['to']],
  ] as const) {
    agrees(`for ${method}(${JSON.stringify(args).slice(1, -1)})`, async (page) => {
      const client = await page.start()
      const { emitted } = page.listen(client)
      const end = await page.settled(callOf(client, method, args))
      return { emitted, counts: emitted.map((entry) => entry.length), end }
    })
  }

  agrees('when it is reset', async (page) => {
    const client = await page.start()
    const { emitted } = page.listen(client)
    return [client.reset(), emitted]
  })

  agrees('when it is complete', async (page) => {
    const seen: unknown[] = []
    const analytics = page.load({ integrations: { All: true } })
    analytics.on('initialize', (settings, options) => {
      seen.push(
        Reflect.get(Object(settings), 'writeKey'),
        Reflect.get(Object(settings), 'cdnSettings'),
        options,
      )
    })
    const [client] = await page.value(analytics)
    return [seen, client.initialized]
  })

  agrees('to listeners whose `this` is the client', async (page) => {
    const client = await page.start()
    const self: unknown[] = []
    client.on('track', function (this: unknown) {
      self.push(this === client)
    })
    await page.value(client.track('E'))
    return self
  })

  agrees('once, until off, and not to others', async (page) => {
    const client = await page.start()
    const seen: string[] = []
    const twice = () => void seen.push('on')
    client.once('track', () => seen.push('once'))
    client.on('track', twice)
    const chained = client.on('page', () => seen.push('page')) === client
    await page.value(client.track('1'))
    client.off('track', twice)
    await page.value(client.track('2'))
    client.emit('page', 1)
    return [seen, chained]
  })

  agrees(
    'even when the server refuses',
    async (page) => {
      const client = await page.start()
      const { emitted } = page.listen(client)
      const ctx = await page.value(client.track('E'))
      await page.pass(1)
      const errors = emitted
        .filter(([name]) => name === 'error')
        .map(([, error]) => Reflect.get(Object(error), 'code'))
      const ends = emitted.map(([name]) => String(name)).filter((name) => !/^(delivery|message)_/.test(name))
      return [ends.sort(), errors, ctx.failedDelivery() !== undefined]
    },
    { replies: [400] },
  )
})

describe('dispatch_start', () => {
  agrees('comes before the call has returned', async (page) => {
    const client = await page.start()
    const seen: unknown[] = []
    client.on('dispatch_start', (ctx) => seen.push(ctx))
    const sent = client.track('E')
    const within = seen.length
    await page.value(sent)
    return [within, seen]
  })
})

describe('callbacks', () => {
  agrees('come after the usual 300 ms, with the context, and the promise after them', async (page) => {
    const client = await page.start()
    const start = Date.now()
    const seen: unknown[] = []
    const sent = client.track('E', {}, {}, (...args: unknown[]) => seen.push(Date.now() - start, args))
    const ctx = await page.value(sent)
    return { seen, resolvedAt: Date.now() - start, ctx }
  })

  agrees('come after the time that is set', async (page) => {
    const client = await page.start()
    const answer = client.timeout(50)
    const start = Date.now()
    const calledAt: number[] = []
    await page.value(client.track('E', () => calledAt.push(Date.now() - start)))
    return [calledAt, client.settings.timeout, answer]
  })

  agrees('that throw or reject harm nobody', async (page) => {
    const client = await page.start()
    const ends = [
      await page.value(
        client.track('A', () => {
          throw new Error('mine')
        }),
      ),
      await page.value(client.track('B', () => Promise.reject(new Error('mine')))),
    ]
    return ends.map((ctx) => [ctx.logs().map(({ level, message }) => [level, message]), ctx.failedDelivery()])
  })

  agrees('that never end are given up', async (page) => {
    const client = await page.start()
    const start = Date.now()
    await page.value(client.track('E', () => new Promise(() => {})))
    return Date.now() - start
  })
})

describe('the context that a call resolves with', () => {
  agrees('tells the way of a delivered event', async (page) => {
    const client = await page.start()
    const ctx = await page.value(client.track('E', { a: 1 }))
    const { metrics, ...state } = stateOf(ctx)
    // Times of plugins are measured for others' plugins.
    return [state, metrics.filter(({ metric }) => metric !== 'plugin_time')]
  })

  agrees('is JSON with four fields', async (page) => {
    const client = await page.start()
    const ctx = await page.value(client.track('E', { a: 1 }))
    return Object.keys(ctx.toJSON()).sort()
  })

  agrees('is cleared and printed in debug mode', async (page) => {
    const client = await page.start()
    const self = client.debug(true) === client
    const ctx = await page.value(client.track('E'))
    const tables = page.printed.filter(({ level }) => level === 'table').length
    client.debug(false)
    const other = await page.value(client.track('F'))
    return [self, ctx.logs().length, ctx.stats.metrics.length, tables > 0, other.stats.metrics.length > 0]
  })
})

describe('Context', () => {
  const contexts = (page: Page) => {
    const { Context } = page.library
    return {
      Context,
      ctx: new Context({ type: 'track', event: 'E', integrations: { Off: false } }, 'the-id'),
    }
  }

  agrees('of the system', async (page) => {
    const { Context } = contexts(page)
    const system = Context.system()
    return [system.event, typeof system.id, system.attempts, system instanceof Context]
  })

  agrees('logs and flushes', async (page) => {
    const { ctx } = contexts(page)
    ctx.log('warn', 'careful', { a: 1 })
    const logs = ctx.logs().map(({ level, message, extras }) => ({ level, message, extras }))
    ctx.stats.increment('m', 2, ['t:1'])
    ctx.stats.gauge('g', 3)
    const metrics = ctx.stats.serialize().map(({ timestamp, ...metric }) => metric)
    const json = { ...ctx.toJSON(), logs: 0 }
    ctx.flush()
    return {
      logs,
      metrics,
      json,
      after: [ctx.logs().length, ctx.stats.metrics.length],
      printed: page.printed.length,
    }
  })

  agrees('updates events by path, but not of a destination that is off', async (page) => {
    const { ctx } = contexts(page)
    const answers = [
      ctx.updateEvent('properties.a.b', 1),
      ctx.updateEvent('integrations.Off', true),
      ctx.updateEvent('integrations.Off.x', 1),
      ctx.updateEvent('integrations.On.x', 1),
    ]
    return [answers.map((answer) => answer === ctx.event), ctx.event]
  })

  agrees('cancels', async (page) => {
    const { ctx } = contexts(page)
    const thrown = (error?: unknown) => {
      try {
        return ctx.cancel(error)
      } catch (caught) {
        return caught
      }
    }
    const mine = new Error('mine')
    return [{ ...Object(thrown()) }, thrown(mine) === mine]
  })

  agrees('is told from others by its id', async (page) => {
    const { Context, ctx } = contexts(page)
    return [ctx.isSame(new Context(ctx.event, 'the-id')), ctx.isSame(new Context(ctx.event))]
  })

  agrees('remembers why it failed', async (page) => {
    const { ctx } = contexts(page)
    const before = ctx.failedDelivery()
    ctx.setFailedDelivery({ reason: 'mine' })
    return [before, ctx.failedDelivery()]
  })
})

describe('many events', () => {
  agrees('are all delivered, and resolve with their own contexts', async (page) => {
    const client = await page.start()
    await page.value(client.register(plugin('enrichment', 'mine', (ctx) => ctx)))
    const all = await page.value(Promise.all(['A', 'B', 'C', 'D'].map((event) => client.track(event))))
    return [all, page.sent().map(({ event }) => event)]
  })
})
