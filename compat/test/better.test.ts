import { describe, vi } from 'vitest'
import { startCollector } from '../src/collector'
import { shows } from '../src/differences'
import { at, fields, text } from '../src/fields'
import type { Client, Fields, Hook, Method } from '../src/library'
import { eventRequests, oauthSettings, readAssertion, tokenAnswer, tokenRequests } from '../src/oauth'
import { plugin } from '../src/plugins'
import type { Reply } from '../src/scripted-client'
import { outcomeOf, startClient } from '../src/start-client'
import { coreSegment, coreSluice, flowSegment, flowSluice, type NodeSubject } from '../src/subjects'
import { unhandledRejections } from '../src/unhandled'
import { inVirtualTime, type VirtualTime } from '../src/virtual-time'

const event: Fields = { userId: 'u', event: 'E' }
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const after =
  (ms: number): Reply =>
  async () => {
    await pause(ms)
    return 200
  }

/** What an application hears of one call. */
interface Outcome {
  hasThrown: boolean
  /** What the error of the callback calls the fault, if it got one. */
  field: unknown
  /** Whether each `error` reports the same reason and context as the callback, and its code. */
  errors: { code: unknown; isOfCallback: boolean }[]
  delivered: number
  /** As counted by the client, if it counts. */
  failed: unknown
}

const taken: Outcome = { hasThrown: false, field: undefined, errors: [], delivered: 1, failed: undefined }

const reportedFor = (field: string): Outcome => ({
  hasThrown: false,
  field,
  errors: [{ code: 'validation_failure', isOfCallback: true }],
  delivered: 0,
  failed: 1,
})

/** What an application hears of one call, its context, and what is sent for it. */
async function whatBecomesOf(subject: NodeSubject, method: Method, params: Fields) {
  const { analytics, http, log } = await startClient(subject)
  let hasThrown = false
  const { err, ctx } = await outcomeOf((callback) => {
    hasThrown = throws(() => analytics[method](params, callback))
    if (hasThrown) callback()
  })
  await analytics.closeAndFlush()
  const outcome: Outcome = {
    hasThrown,
    field: at(err, 'field'),
    errors: log.errors().map(({ code, ...told }) => {
      return { code, isOfCallback: told.reason === err && told.ctx === ctx }
    }),
    delivered: log.of(method).length,
    failed: analytics.counts?.().failed,
  }
  return { outcome, ctx, sent: http.events() }
}

/** How long something takes by the clock of the test, in a plain word: what waits for the flush interval is `slow`. */
async function paceOf(
  run: () => Promise<unknown>,
  time: VirtualTime,
  slowFromMs: number,
): Promise<'quick' | 'slow'> {
  const startedAt = time.now()
  let endedAt: number | undefined
  const ended = run().then(() => {
    endedAt = time.now()
  })
  while (endedAt === undefined) await time.pass(10)
  await ended
  return endedAt - startedAt >= slowFromMs ? 'slow' : 'quick'
}

function messageOf(error: unknown): string | undefined {
  return error instanceof Error ? error.message : error === undefined ? undefined : String(error)
}

describe('D1: the size of an event', () => {
  const tooLarge = 'Event exceeds maximum event size of 32 KB'

  shows('counts plain text', {
    script: async (subject) => {
      const { analytics, http, log } = await startClient(subject, { settings: { flushAt: 3 } })
      const properties = { text: 'a'.repeat(100_000) }
      await Promise.all(
        [1, 2, 3].map(() => outcomeOf((callback) => analytics.track({ ...event, properties }, callback))),
      )
      await log.seen('drained')
      return {
        requests: http.requests.length,
        delivered: log.of('track').length,
        reasons: log.errors().map(({ reason }) => messageOf(reason)),
      }
    },
    segment: { requests: 1, delivered: 3, reasons: [] },
    sluice: { requests: 0, delivered: 0, reasons: [tooLarge, tooLarge, tooLarge] },
  })

  shows('is the number of its bytes on the wire, and 32 KiB are just allowed', {
    script: async (subject) => {
      const sizes = [32 * 1024, 32 * 1024 + 1]
      const outcomes = []
      for (const size of sizes) {
        const { analytics, http } = await startClient(subject, { replies: [200, 200] })
        const sized = (padding: string) => ({
          ...event,
          messageId: 'm',
          timestamp: new Date(0),
          properties: { padding },
        })
        await outcomeOf((callback) => analytics.track(sized('é'), callback))
        const missing = size - Buffer.byteLength(JSON.stringify(http.events()[0]))
        const { err } = await outcomeOf((callback) =>
          analytics.track(sized(`é${'a'.repeat(missing)}`), callback),
        )
        const sent = http.events()[1]
        outcomes.push({
          bytes: sent === undefined ? undefined : Buffer.byteLength(JSON.stringify(sent)),
          err: messageOf(err),
        })
      }
      return outcomes
    },
    segment: [
      { bytes: 32 * 1024, err: undefined },
      { bytes: 32 * 1024 + 1, err: undefined },
    ],
    sluice: [
      { bytes: 32 * 1024, err: undefined },
      { bytes: undefined, err: tooLarge },
    ],
  })

  shows('and of a batch: no request is larger than the API accepts', {
    script: async (subject) => {
      const { analytics, http } = await startClient(subject, { settings: { flushAt: 100 } })
      const properties = { text: 'a'.repeat(30_000) }
      for (let i = 0; i < 40; i += 1) analytics.track({ ...event, properties })
      await analytics.flush()
      return {
        events: http.events().length,
        tooLarge: http.requests.some(({ body }) => Buffer.byteLength(body) > 500 * 1024),
      }
    },
    segment: { events: 40, tooLarge: true },
    sluice: { events: 40, tooLarge: false },
  })
})

describe('D2: an event that can not be serialised', () => {
  const cyclic: Fields = {}
  cyclic.self = cyclic
  const broken = {
    toJSON: () => {
      throw new Error('mine')
    },
  }

  for (const [name, value] of Object.entries({
    'a BigInt': 1n,
    'a cycle': cyclic,
    'a throwing toJSON': broken,
  })) {
    shows(`${name} is reported, and takes no other event with it`, {
      script: async (subject) => {
        const { analytics, http, log } = await startClient(subject, {
          settings: { flushAt: 20, flushInterval: 50 },
        })
        const bad = outcomeOf((callback) =>
          analytics.track({ ...event, event: 'Bad', properties: { value } }, callback),
        )
        const good = outcomeOf((callback) => analytics.track({ ...event, event: 'Good' }, callback))
        await log.seen('drained')
        return {
          bad: (await bad).err instanceof Error ? 'failed' : 'delivered',
          good: (await good).err instanceof Error ? 'failed' : 'delivered',
          errors: log.errors().length,
          tracked: log.of('track').length,
          sent: http.events().map((sent) => sent.event),
        }
      },
      segment: { bad: 'delivered', good: 'delivered', errors: 0, tracked: 2, sent: ['Good'] },
      sluice: { bad: 'failed', good: 'delivered', errors: 1, tracked: 1, sent: ['Good'] },
    })
  }
})

describe('D3: flush() while a batch is in flight', () => {
  shows('sends the rest at once', {
    script: (subject) =>
      inVirtualTime(async (time) => {
        const { analytics, http } = await startClient(subject, {
          replies: [after(50)],
          settings: { flushAt: 20, flushInterval: 1_500 },
        })
        for (let i = 0; i < 20; i += 1) analytics.track(event)
        while (http.requests.length === 0) await time.pass(1)
        analytics.track(event)
        return { pace: await paceOf(() => analytics.flush(), time, 1_000), sent: http.events().length }
      }),
    segment: { pace: 'slow', sent: 21 },
    sluice: { pace: 'quick', sent: 21 },
  })
})

describe('D4: closing', () => {
  const cases: Record<string, { odd: Fields; setUp?: (analytics: Client) => Promise<unknown> }> = {
    filtered: { odd: { ...event, integrations: { 'Segment.io': false } } },
    refused: {
      odd: { ...event, event: 'Refused' },
      setUp: (analytics) =>
        analytics.register(
          plugin('before', 'refuse', (ctx) => {
            if (ctx.event.event === 'Refused') throw new Error('mine')
            return ctx
          }),
        ),
    },
    oversize: { odd: { ...event, properties: { text: ' '.repeat(40_000) } } },
  }

  for (const [name, { odd, setUp }] of Object.entries(cases)) {
    shows(`is not held up by an event that is ${name}`, {
      script: (subject) =>
        inVirtualTime(async (time) => {
          const { analytics, http } = await startClient(subject, {
            settings: { flushAt: 20, flushInterval: 1_500 },
          })
          await setUp?.(analytics)
          analytics.track(odd)
          analytics.track({ ...event, event: 'Good' })
          return {
            pace: await paceOf(() => analytics.closeAndFlush(), time, 1_000),
            sent: http.events().map((sent) => sent.event),
          }
        }),
      segment: { pace: 'slow', sent: ['Good'] },
      sluice: { pace: 'quick', sent: ['Good'] },
    })
  }
})

describe('D5: flush() then closeAndFlush()', () => {
  shows('closes, and waits until all is delivered', {
    script: async (subject) => {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
      const { analytics, log } = await startClient(subject, { replies: [after(50)] })
      analytics.track(event)
      void analytics.flush()
      await analytics.closeAndFlush()
      const delivered = log.of('track').length
      analytics.track(event)
      const warnings = warn.mock.calls.length
      warn.mockRestore()
      return { delivered, closed: log.of('call_after_close').length === 1, warnings }
    },
    segment: { delivered: 0, closed: false, warnings: 1 },
    sluice: { delivered: 1, closed: true, warnings: 1 },
  })
})

describe('D6: a listener that throws', () => {
  for (const name of ['http_request', 'http_response']) {
    shows(`on ${name} does not make an event arrive twice or fail`, {
      script: async (subject) => {
        const error = vi.spyOn(console, 'error').mockImplementation(() => {})
        const { analytics, http, log } = await startClient(subject, { settings: { maxRetries: 2 } })
        analytics.on(name, () => {
          throw new Error('mine')
        })
        await analytics.ready
        await inVirtualTime(async (time) => {
          analytics.track(event)
          await time.pass(20_000)
        })
        error.mockRestore()
        return {
          requests: http.requests.length,
          delivered: log.of('track').length,
          errors: log.errors().map(({ code }) => code),
        }
      },
      segment: { requests: name === 'http_request' ? 0 : 3, delivered: 0, errors: ['delivery_failure'] },
      sluice: { requests: 1, delivered: 1, errors: ['unknown'] },
    })
  }

  shows('on dispatch_start does not keep an event from being sent', {
    script: async (subject) => {
      const { analytics, http, log } = await startClient(subject)
      analytics.on('dispatch_start', () => {
        throw new Error('mine')
      })
      analytics.track(event)
      await log.seen('drained')
      return { requests: http.requests.length, codes: log.errors().map(({ code }) => code) }
    },
    segment: { requests: 0, codes: ['unknown'] },
    sluice: { requests: 1, codes: ['unknown'] },
  })
})

describe('D7: a destination whose load throws at once', () => {
  shows('does no harm to the process', {
    script: async (subject) => {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
      const { analytics, http } = await startClient(subject)
      const hook = vi.fn((ctx) => ctx)
      const bad = plugin('destination', 'bad', hook, {
        load: () => {
          throw new Error('mine')
        },
      })
      let registered = 'resolved'
      const unhandled = await unhandledRejections(async () => {
        await analytics.register(bad).catch(() => {
          registered = 'rejected'
        })
      })
      await outcomeOf((callback) => analytics.track(event, callback))
      warn.mockRestore()
      return {
        registered,
        unhandled: unhandled.length,
        pluginStays: hook.mock.calls.length > 0,
        requests: http.requests.length,
      }
    },
    segment: { registered: 'rejected', unhandled: 1, pluginStays: true, requests: 1 },
    sluice: { registered: 'resolved', unhandled: 0, pluginStays: false, requests: 1 },
  })
})

describe('D8: a plugin whose load never ends', () => {
  shows('does not make an event vanish without a word', {
    script: async (subject) => {
      const { analytics, log } = await startClient(subject)
      void analytics.register(plugin('enrichment', 'hung', undefined, { load: () => new Promise(() => {}) }))
      analytics.track(event)
      await analytics.closeAndFlush({ timeout: 100 })
      return { errors: log.errors().length }
    },
    segment: { errors: 0 },
    sluice: { errors: 1 },
  })
})

describe('D9: no retries, and a token server that is down', () => {
  shows('fails the event', {
    script: async (subject) => {
      const { analytics, log } = await startClient(subject, {
        replies: Array(99).fill({ status: 500, statusText: 'Down', text: '' }),
        settings: { maxRetries: 0, oauthSettings: { ...oauthSettings, maxRetries: 0 } },
      })
      analytics.track(event)
      await Promise.race([log.seen('error').catch(() => {}), pause(5_000)])
      const codes = log.errors().map(({ code, reason }) => `${code} ${messageOf(reason)}`)
      void analytics.closeAndFlush({ timeout: 1 })
      return codes
    },
    segment: [],
    sluice: ['delivery_failure [500] Down'],
  })
})

describe('D10: many first batches with OAuth', () => {
  const slowToken: Reply = async () => {
    await pause(200)
    return tokenAnswer('t', 1)
  }

  shows('share one token, and nothing goes on after closing', {
    script: async (subject) => {
      const { analytics, http } = await startClient(subject, {
        replies: Array(99).fill(slowToken),
        settings: { oauthSettings },
      })
      for (let i = 0; i < 5; i += 1) analytics.track(event)
      await analytics.closeAndFlush()
      const first = tokenRequests(http).length
      await pause(1_300)
      return { first, goesOn: tokenRequests(http).length > first }
    },
    segment: { first: 5, goesOn: true },
    sluice: { first: 1, goesOn: false },
  })
})

describe('D11: a token that the API no longer takes', () => {
  shows('is replaced, and the events arrive', {
    script: async (subject) => {
      const { analytics, http } = await startClient(subject, {
        replies: [tokenAnswer('old'), 401, tokenAnswer('new')],
        settings: { oauthSettings },
      })
      const { err } = await outcomeOf((callback) => analytics.track(event, callback))
      await analytics.closeAndFlush({ timeout: 1_000 })
      return { err: messageOf(err), used: eventRequests(http).map(({ headers }) => headers.Authorization) }
    },
    segment: { err: '[401] Text 401', used: ['Bearer old'] },
    sluice: { err: undefined, used: ['Bearer old', 'Bearer new'] },
  })
})

describe('a token', () => {
  for (const [name, life] of Object.entries({
    'that does not say how long it lives': {},
    'that says so as text': { expires_in: '3600' },
  })) {
    shows(`${name} is used, more than once`, {
      script: async (subject) => {
        const { analytics, http } = await startClient(subject, {
          replies: [{ status: 200, text: JSON.stringify({ access_token: 'a', ...life }) }],
          settings: { maxRetries: 0, oauthSettings: { ...oauthSettings, maxRetries: 1 } },
        })
        const first = await outcomeOf((callback) => analytics.track(event, callback))
        await outcomeOf((callback) => analytics.track(event, callback))
        await analytics.closeAndFlush({ timeout: 1_000 })
        return {
          err: messageOf(first.err),
          asksAgain: tokenRequests(http).length > 1,
          used: eventRequests(http).map(({ headers }) => headers.Authorization),
        }
      },
      segment: {
        err: 'Response did not contain a valid access_token and expires_in',
        asksAgain: true,
        used: [] as unknown[],
      },
      sluice: { err: undefined, asksAgain: false, used: ['Bearer a', 'Bearer a'] as unknown[] },
    })
  }
})

describe('D12: a server that is down', () => {
  shows('does not make a timer and a request for each batch', {
    script: async (subject) => {
      const down = createDown()
      const { analytics } = await startClient(subject, { settings: { flushAt: 10, httpClient: down.client } })
      await analytics.ready
      return inVirtualTime(async (time) => {
        for (let i = 0; i < 2_000; i += 1) analytics.track(event)
        await time.pass(900)
        return { manyRequests: down.requests() > 50, manyTimers: vi.getTimerCount() > 50 }
      })
    },
    segment: { manyRequests: true, manyTimers: true },
    sluice: { manyRequests: false, manyTimers: false },
  })

  shows('does not fill the memory: what is too much is reported at once', {
    script: async (subject) => {
      const down = createDown()
      const { analytics, log } = await startClient(subject, {
        settings: { flushAt: 10, httpClient: down.client, maxQueueSize: 100 },
      })
      await analytics.ready
      return inVirtualTime(async (time) => {
        for (let i = 0; i < 150; i += 1) analytics.track(event)
        await time.pass(900)
        return { errors: log.errors().length, codes: [...new Set(log.errors().map(({ code }) => code))] }
      })
    },
    segment: { errors: 0, codes: [] as unknown[] },
    sluice: { errors: 50, codes: ['delivery_failure'] as unknown[] },
  })
})

describe('D13: many full batches at once', () => {
  shows('do not open a connection each', {
    script: async (subject) => {
      const busy = createBusy()
      const { analytics } = await startClient(subject, { settings: { flushAt: 5, httpClient: busy.client } })
      for (let i = 0; i < 1_000; i += 1) analytics.track(event)
      await analytics.flush()
      return { events: busy.events(), manyAtOnce: busy.mostAtOnce() > 20 }
    },
    segment: { events: 1_000, manyAtOnce: true },
    sluice: { events: 1_000, manyAtOnce: false },
  })
})

describe('D14: data that changes after the call', () => {
  shows('is sent as it was in the call', {
    script: async (subject) => {
      const { analytics, http } = await startClient(subject, { settings: { flushAt: 20 } })
      const properties = { plan: 'free', list: [1], deep: { a: 1 } }
      analytics.track({ ...event, properties })
      Object.assign(properties, { plan: 'paid' })
      properties.list.push(2)
      properties.deep.a = 2
      await analytics.flush()
      return at(http.events(), 0, 'properties')
    },
    segment: { plan: 'paid', list: [1, 2], deep: { a: 2 } },
    sluice: { plan: 'free', list: [1], deep: { a: 1 } },
  })
})

describe("D15: the caller's data", () => {
  shows('is left alone', {
    script: async (subject) => {
      const { analytics } = await startClient(subject)
      const context = { ip: '1.2.3.4' }
      const properties = { a: 1 }
      await analytics.register(
        plugin('enrichment', 'change', (ctx) => {
          ctx.updateEvent('properties.added', true)
          return ctx
        }),
      )
      await outcomeOf((callback) => analytics.track({ ...event, context, properties }, callback))
      return { context: Object.keys(context), properties: Object.keys(properties) }
    },
    segment: { context: ['ip', 'library'], properties: ['a', 'added'] },
    sluice: { context: ['ip'], properties: ['a'] },
  })

  shows('may be frozen', {
    script: async (subject) => {
      const { analytics, http } = await startClient(subject)
      const context = Object.freeze({ ip: '1.2.3.4' })
      await outcomeOf((callback) => analytics.track({ ...event, context }, callback))
      return Object.keys(fields(at(http.events(), 0, 'context')))
    },
    segment: ['ip'],
    sluice: ['ip', 'library'],
  })
})

describe('D16: a plugin that is slow with one event', () => {
  shows('does not change the order', {
    script: async (subject) => {
      const { analytics, http } = await startClient(subject)
      await analytics.register(
        plugin('enrichment', 'slow', async (ctx) => {
          if (ctx.event.event === 'First') await pause(40)
          return ctx
        }),
      )
      const both = ['First', 'Second'].map((name) =>
        outcomeOf((callback) => analytics.track({ ...event, event: name }, callback)),
      )
      await Promise.all(both)
      return http.events().map((sent) => sent.event)
    },
    segment: ['Second', 'First'],
    sluice: ['First', 'Second'],
  })
})

describe('D17: Retry-After', () => {
  const gapAfter = (reply: (now: number) => Reply) => async (subject: NodeSubject) => {
    return inVirtualTime(async (time) => {
      const { analytics, http } = await startClient(subject, { replies: [reply(time.now())] })
      analytics.track(event)
      await time.pass(60_000)
      const [first, second] = http.requests
      return (second?.at ?? 0) - (first?.at ?? 0) >= 9_000 ? 'waits' : 'does not wait'
    })
  }

  shows('may be a date', {
    script: gapAfter((now) => ({
      status: 429,
      headers: { 'Retry-After': new Date(now + 10_500).toUTCString() },
    })),
    segment: 'does not wait',
    sluice: 'waits',
  })

  shows('counts for a 503 too', {
    script: gapAfter(() => ({ status: 503, headers: { 'retry-after': '10' } })),
    segment: 'does not wait',
    sluice: 'waits',
  })
})

describe('D18: large answers', () => {
  shows('do not cost a new connection for each request', {
    script: async (subject) => {
      const collector = await startCollector(() => ({ body: JSON.stringify({ text: 'x'.repeat(300_000) }) }))
      const { Analytics } = await subject.load()
      const analytics = new Analytics({ writeKey: 'k', flushAt: 1, host: collector.url })
      for (let i = 0; i < 20; i += 1) {
        analytics.track(event)
        await analytics.flush()
      }
      const connections = collector.connections()
      await collector.close()
      return { requests: collector.received.length, manyConnections: connections > 5 }
    },
    segment: { requests: 20, manyConnections: true },
    sluice: { requests: 20, manyConnections: false },
  })
})

describe('D20: message ids', () => {
  shows('are independent of each other', {
    script: async (subject) => {
      const { analytics, http } = await startClient(subject, { settings: { flushAt: 30 } })
      for (let i = 0; i < 30; i += 1) analytics.track(event)
      await http.reached(1)
      const ids = http.events().map((sent) => text(sent.messageId).split('-').slice(3).join(''))
      const alike = ids.slice(1).map((id, i) => sharedBytes(ids[i] ?? '', id))
      return { alike: Math.max(...alike) > 8 }
    },
    segment: { alike: true },
    sluice: { alike: false },
  })
})

describe('D21: a callback', () => {
  shows('comes as soon as the answer is there', {
    script: async (subject) => {
      const { analytics } = await startClient(subject)
      await analytics.ready
      const callback = vi.fn()
      return inVirtualTime(async (time) => {
        analytics.track(event, callback)
        await time.pass(50)
        const soon = callback.mock.calls.length
        await time.pass(300)
        return { soon, later: callback.mock.calls.length }
      })
    },
    segment: { soon: 0, later: 1 },
    sluice: { soon: 1, later: 1 },
  })
})

describe('D22: flush() under steady traffic', () => {
  shows('waits for what was there when it was called', {
    script: (subject) =>
      inVirtualTime(async (time) => {
        const { analytics } = await startClient(subject, {
          replies: Array(999).fill(after(30)),
          settings: { flushAt: 1 },
        })
        analytics.track(event)
        const traffic = setInterval(() => analytics.track(event), 10)
        setTimeout(() => clearInterval(traffic), 1_000)
        return paceOf(() => analytics.flush(), time, 900)
      }),
    segment: 'slow',
    sluice: 'quick',
  })
})

describe('D23: alias without a user', () => {
  shows('does not lose the rest of the event in silence', {
    script: async (subject) => {
      const { outcome, ctx, sent } = await whatBecomesOf(subject, 'alias', {
        previousId: 'p',
        messageId: 'mine',
        timestamp: new Date(0),
      })
      const keepsId = (given: unknown) => at(given, 'messageId') === 'mine'
      return { ...outcome, told: keepsId(at(ctx, 'event')), sent: sent.map(keepsId) }
    },
    segment: { ...taken, told: false, sent: [false] },
    sluice: { ...reportedFor('.userId'), told: true, sent: [] as boolean[] },
  })
})

describe('D24: a worker that can do what Node does', () => {
  shows('is recognised', {
    script: async (subject) => {
      vi.stubGlobal('WebSocketPair', class {})
      vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' })
      const { analytics, http } = await startClient(subject)
      await outcomeOf((callback) => analytics.track(event, callback))
      vi.unstubAllGlobals()
      return at(http.events(), 0, '_metadata', 'jsRuntime')
    },
    segment: 'node',
    sluice: 'cloudflare-worker',
  })
})

describe('after a rate limit', () => {
  shows('the batches that waited do not all come at once', {
    script: async (subject) => {
      const { analytics, http } = await startClient(subject, {
        replies: [{ status: 429, headers: { 'retry-after': '2' } }],
        settings: { flushAt: 2 },
      })
      await analytics.ready
      return inVirtualTime(async (time) => {
        analytics.track(event)
        analytics.track(event)
        await time.pass(100)
        for (let i = 0; i < 60; i += 1) analytics.track(event)
        await time.pass(1_700)
        const before = http.requests.length
        await time.pass(60_000)
        const times = http.requests.map((request) => request.at)
        const most = Math.max(...times.map((time) => times.filter((other) => other === time).length))
        return { before, delivered: http.events().length - 2, manyAtOnce: most > 20 }
      })
    },
    segment: { before: 1, delivered: 62, manyAtOnce: true },
    sluice: { before: 1, delivered: 62, manyAtOnce: false },
  })
})

describe('many batches that wait for a retry', () => {
  shows('do not leak listeners', {
    script: async (subject) => {
      const warnings: string[] = []
      const listen = (warning: Error) => warnings.push(warning.name)
      process.on('warning', listen)
      const { analytics, http } = await startClient(subject, {
        replies: Array(40).fill(500),
        settings: { maxRetries: 1 },
      })
      for (let i = 0; i < 40; i += 1) analytics.track(event)
      await http.reached(1)
      await analytics.closeAndFlush({ timeout: 50 })
      await pause(5)
      process.off('warning', listen)
      return warnings.includes('MaxListenersExceededWarning')
    },
    segment: true,
    sluice: false,
  })
})

describe('the token server', () => {
  shows('may be given with a slash at the end', {
    script: async (subject) => {
      const { analytics, http } = await startClient(subject, {
        replies: [tokenAnswer()],
        settings: { oauthSettings: { ...oauthSettings, authServer: 'https://auth.test/' } },
      })
      await outcomeOf((callback) => analytics.track(event, callback))
      await analytics.closeAndFlush({ timeout: 1_000 })
      return tokenRequests(http).map(({ url }) => url)
    },
    segment: ['https://auth.test//token'],
    sluice: ['https://auth.test/token'],
  })

  shows('may send a date that makes no sense', {
    script: async (subject) => {
      const { analytics, http } = await startClient(subject, {
        replies: [
          { status: 200, headers: { Date: 'today' }, text: '{"access_token":"a","expires_in":0}' },
          200,
          tokenAnswer('b'),
        ],
        settings: { oauthSettings },
      })
      await outcomeOf((callback) => analytics.track(event, callback))
      await outcomeOf((callback) => analytics.track(event, callback))
      await analytics.closeAndFlush({ timeout: 1_000 })
      return tokenRequests(http).map((request) => typeof readAssertion(request).claims.iat)
    },
    segment: ['number', 'object'],
    sluice: ['number', 'number'],
  })
})

describe('a plugin that drops an event on purpose', () => {
  const dropped = { names: ['dropped'], code: undefined, requests: 0, callback: 'with the cancelation' }

  const cases: Record<string, { type: string; hook: Hook; segment: object }> = {
    'a before plugin that cancels': {
      type: 'before',
      hook: (ctx) => ctx.cancel(),
      segment: { names: ['error'], code: 'delivery_failure', requests: 0, callback: 'with the cancelation' },
    },
    'an enrichment plugin that cancels': {
      type: 'enrichment',
      hook: (ctx) => ctx.cancel(),
      segment: { names: ['track'], code: undefined, requests: 1, callback: 'without error' },
    },
    'a before plugin that returns null': {
      type: 'before',
      hook: () => null,
      segment: { names: ['error'], code: 'delivery_failure', requests: 0, callback: 'with an error' },
    },
    'an enrichment plugin that returns null': {
      type: 'enrichment',
      hook: () => null,
      segment: { names: ['track'], code: undefined, requests: 1, callback: 'without error' },
    },
  }

  for (const [name, { type, hook, segment }] of Object.entries(cases)) {
    shows(`is heard as such: ${name}`, {
      script: async (subject): Promise<object> => {
        const { analytics, http, log } = await startClient(subject, { settings: { maxRetries: 0 } })
        await analytics.register(plugin(type, 'dropper', hook))
        const { err } = await outcomeOf((callback) => analytics.track(event, callback))
        await log.seen('drained')
        return {
          names: log.names().filter((said) => ['track', 'error', 'dropped'].includes(said)),
          code: log.errors()[0]?.code,
          requests: http.requests.length,
          callback: callbackWord(err),
        }
      },
      segment,
      sluice: dropped,
    })
  }

  shows('says who dropped it and why', {
    script: async (subject) => {
      const { analytics, log } = await startClient(subject)
      await analytics.register(
        plugin('before', 'dropper', (ctx) => {
          ctx.cancel()
        }),
      )
      const { ctx } = await outcomeOf((callback) => analytics.track(event, callback))
      await log.seen('drained')
      const [said] = log.of('dropped')
      return said === undefined
        ? undefined
        : {
            keys: Object.keys(fields(said)).sort(),
            by: fields(said).by,
            sameContext: fields(said).ctx === ctx,
          }
    },
    segment: undefined,
    sluice: { keys: ['by', 'ctx', 'reason'], by: 'dropper', sameContext: true },
  })
})

describe('a destination that fails', () => {
  shows('is heard of, and the event still counts as delivered', {
    script: async (subject) => {
      const { analytics, log } = await startClient(subject)
      const error = new Error('mine')
      await analytics.register(plugin('destination', 'bad', () => Promise.reject(error)))
      const { err } = await outcomeOf((callback) => analytics.track(event, callback))
      await log.seen('drained')
      return {
        err,
        delivered: log.of('track').length,
        codes: log.errors().map(({ code }) => code),
        sameReason: log.errors().some(({ reason }) => reason === error),
      }
    },
    segment: { err: undefined, delivered: 1, codes: [], sameReason: false },
    sluice: { err: undefined, delivered: 1, codes: ['destination_failure'], sameReason: true },
  })
})

describe('a flush during a flush', () => {
  shows('waits for the delivery as well', {
    script: async (subject) => {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
      const { analytics, log } = await startClient(subject, { replies: [after(50)] })
      analytics.track(event)
      const first = analytics.flush()
      await analytics.flush()
      const delivered = log.of('track').length
      await first
      warn.mockRestore()
      return { delivered }
    },
    segment: { delivered: 0 },
    sluice: { delivered: 1 },
  })
})

describe('a flush that runs out of time', () => {
  const replies: Record<string, Reply[]> = {
    'that waits for a retry': [500],
    'whose request hangs': ['hang'],
  }
  for (const [name, script] of Object.entries(replies)) {
    shows(`has told of each event ${name} by the time it resolves`, {
      script: async (subject) => {
        const { analytics, http, log } = await startClient(subject, { replies: script })
        analytics.track(event)
        await http.reached(1)
        await analytics.closeAndFlush({ timeout: 50 })
        return { errors: log.errors().length }
      },
      segment: { errors: 0 },
      sluice: { errors: 1 },
    })
  }

  shows('sends at least what was not on its way yet', {
    script: async (subject) => {
      const { analytics, http, log } = await startClient(subject, {
        replies: ['hang'],
        settings: { flushAt: 2 },
      })
      analytics.track(event)
      analytics.track(event)
      await http.reached(1)
      analytics.track({ ...event, event: 'Last' })
      await analytics.closeAndFlush({ timeout: 100 })
      return { sent: http.events().map((sent) => sent.event), failed: log.errors().length }
    },
    segment: { sent: ['E', 'E'], failed: 0 },
    sluice: { sent: ['E', 'E', 'Last'], failed: 2 },
  })

  shows('and does not close gives nothing up', {
    script: async (subject) => {
      const { analytics, http, log } = await startClient(subject, { replies: [500] })
      await analytics.ready
      return inVirtualTime(async (time) => {
        analytics.track(event)
        await time.pass(10)
        void analytics.flush({ timeout: 50 })
        await time.pass(10_000)
        return {
          requests: http.requests.length,
          delivered: log.of('track').length,
          failed: log.errors().length,
        }
      })
    },
    segment: { requests: 1, delivered: 0, failed: 1 },
    sluice: { requests: 2, delivered: 1, failed: 0 },
  })
})

describe('a destination', () => {
  shows('gets no event before it is loaded', {
    script: async (subject) => {
      const { analytics, log } = await startClient(subject)
      const order: string[] = []
      const load = async () => {
        await pause(500)
        order.push('loaded')
      }
      const hook: Hook = (ctx) => {
        order.push('event')
        return ctx
      }
      await analytics.register(plugin('destination', 'slow', hook, { load }))
      analytics.track(event)
      await log.seen('drained')
      while (order.length < 2) await pause(5)
      return order
    },
    segment: ['event', 'loaded'],
    sluice: ['loaded', 'event'],
  })
})

describe('a disabled client', () => {
  shows('runs no plugin', {
    script: async (subject) => {
      const { analytics } = await startClient(subject, { settings: { disable: true } })
      const hook = vi.fn((ctx) => ctx)
      await analytics.register(plugin('enrichment', 'mine', hook))
      await outcomeOf((callback) => analytics.track(event, callback))
      return hook.mock.calls.length
    },
    segment: 1,
    sluice: 0,
  })
})

describe('the body of an answer', () => {
  shows('is there for listeners, next to that of the request', {
    script: async (subject) => {
      const { analytics, http, log } = await startClient(subject, {
        replies: [{ status: 200, text: 'the answer' }],
      })
      analytics.track(event)
      await log.seen('http_response')
      const response = fields(log.of('http_response')[0])
      return { body: response.body === http.requests[0]?.body, responseBody: response.responseBody }
    },
    segment: { body: true, responseBody: undefined },
    sluice: { body: true, responseBody: 'the answer' },
  })
})

describe('data that the API would not take', () => {
  const identity = '.userId/anonymousId/previousId/groupId'
  const rows: [string, Method, Fields, string][] = [
    ['an empty user id', 'track', { event: 'E', userId: '' }, identity],
    ['an empty anonymous id', 'track', { event: 'E', anonymousId: '' }, identity],
    ['a number as the second id', 'track', { event: 'E', userId: 'u', anonymousId: 7 }, '.anonymousId'],
    ['a group without a user', 'group', { groupId: 'g' }, identity],
    ['a group without a group id', 'group', { userId: 'u' }, '.groupId'],
    ['an empty group id', 'group', { userId: 'u', groupId: '' }, '.groupId'],
    ['a number as the group id', 'group', { userId: 'u', groupId: 7 }, '.groupId'],
    ['an alias without a previous id', 'alias', { userId: 'u' }, '.previousId'],
    ['an alias without a user id', 'alias', { previousId: 'p' }, '.userId'],
    ['a number as the previous id', 'alias', { userId: 'u', previousId: 7 }, '.previousId'],
    ['properties of a page that are a text', 'page', { userId: 'u', properties: 'text' }, '.properties'],
    ['properties of a screen that are a list', 'screen', { userId: 'u', properties: [] }, '.properties'],
    ['a timestamp that is no date', 'track', { ...event, timestamp: new Date('never') }, '.timestamp'],
    ['a timestamp in no known format', 'track', { ...event, timestamp: 'yesterday' }, '.timestamp'],
    ['an empty event name', 'track', { userId: 'u', event: '' }, '.event'],
    ['a message id that is too long', 'track', { ...event, messageId: 'm'.repeat(101) }, '.messageId'],
  ]
  for (const [name, method, params, field] of rows) {
    shows(`is not sent but reported, without an exception: ${name}`, {
      script: async (subject) => {
        const { outcome, sent } = await whatBecomesOf(subject, method, params)
        return { ...outcome, sent: sent.length }
      },
      segment: { ...taken, sent: 1 },
      sluice: { ...reportedFor(field), sent: 0 },
    })
  }
})

describe('settings that make no sense', () => {
  const rows: Fields[] = [
    { flushAt: Number.NaN },
    { flushAt: -1 },
    { flushAt: 'many' },
    { flushInterval: Number.NaN },
    { flushInterval: -1 },
    { maxRetries: Number.NaN },
    { maxRetries: -1 },
    { httpRequestTimeout: Number.NaN },
    { httpRequestTimeout: -1 },
    { maxTotalBackoffDuration: Number.NaN },
    { maxRateLimitDuration: -1 },
    { writeKey: 7 },
    { httpClient: {} },
    { httpClient: 'fetch' },
  ]
  for (const settings of rows) {
    shows(`are refused by the constructor: ${Object.keys(settings)} ${String(Object.values(settings)[0])}`, {
      script: async (subject) => {
        const { Analytics } = await subject.load()
        return throws(() => new Analytics({ writeKey: 'k', ...settings }))
      },
      segment: false,
      sluice: true,
    })
  }
})

describe('a flush interval of a month', () => {
  shows('is not taken for a millisecond', {
    // The clock of the test treats such a time as that of Node does: a timer cannot be set to it, and strikes at once.
    script: (subject) =>
      inVirtualTime(async (time) => {
        const { analytics, http } = await startClient(subject, {
          settings: { flushAt: 20, flushInterval: 30 * 24 * 3_600_000 },
        })
        await time.pass(1)
        analytics.track(event)
        await time.pass(60)
        const early = http.requests.length
        const closed = analytics.closeAndFlush()
        await time.pass(1_000)
        await closed
        return { early, sent: http.requests.length }
      }),
    segment: { early: 1, sent: 1 },
    sluice: { early: 0, sent: 1 },
  })
})

describe('bad data', () => {
  const callsWithBadData = (analytics: Client) => [
    throws(() => analytics.track({})),
    throws(() => analytics.track({ event: 7, userId: 'u' })),
    throws(() => analytics.identify({ userId: 7 })),
    throws(() => Reflect.apply(analytics.track, analytics, [])),
  ]

  shows('does not throw into the application from a disabled client', {
    script: async (subject) => {
      const { analytics } = await startClient(subject, { settings: { disable: true } })
      return callsWithBadData(analytics)
    },
    segment: [true, true, true, true],
    sluice: [false, false, false, false],
  })

  shows('does not throw into the application from a closed client', {
    script: async (subject) => {
      const { analytics } = await startClient(subject)
      await analytics.closeAndFlush()
      return callsWithBadData(analytics)
    },
    segment: [true, true, true, true],
    sluice: [false, false, false, false],
  })
})

describe('a validation error', () => {
  shows('can be told from others by its class', {
    script: async (subject) => {
      const { analytics } = await startClient(subject)
      const core = await (subject.name === 'segment' ? coreSegment : coreSluice).load()
      try {
        analytics.track({})
      } catch (error) {
        return error instanceof core.ValidationError
      }
      return undefined
    },
    segment: false,
    sluice: true,
  })
})

describe('a listener of drained that throws', () => {
  shows('does not end the process', {
    script: async (subject) => {
      const error = vi.spyOn(console, 'error').mockImplementation(() => {})
      const { analytics, log } = await startClient(subject)
      analytics.on('drained', () => {
        throw new Error('mine')
      })
      const unhandled = await unhandledRejections(async () => {
        analytics.track(event)
        await log.seen('drained')
      })
      error.mockRestore()
      return unhandled.length
    },
    segment: 1,
    sluice: 0,
  })
})

describe('an event name that every object has', () => {
  shows('can be listened to', {
    script: async (subject) => {
      const { Emitter } = await (subject.name === 'segment' ? flowSegment : flowSluice).load()
      const listener = vi.fn()
      const failed = throws(() => new Emitter().on('constructor', listener).emit('constructor', 1))
      return { failed, calls: listener.mock.calls }
    },
    segment: { failed: true, calls: [] as unknown[] },
    sluice: { failed: false, calls: [[1]] as unknown[] },
  })
})

function throws(run: () => unknown): boolean {
  try {
    run()
    return false
  } catch {
    return true
  }
}

function callbackWord(err: unknown): string {
  if (err === undefined) return 'without error'
  return typeof err === 'object' && err !== null && 'retry' in err ? 'with the cancelation' : 'with an error'
}

function createDown() {
  let requests = 0
  return {
    requests: () => requests,
    client: {
      makeRequest: async () => {
        requests += 1
        throw new Error('down')
      },
    },
  }
}

function createBusy() {
  let open = 0
  let most = 0
  let events = 0
  return {
    mostAtOnce: () => most,
    events: () => events,
    client: {
      makeRequest: async ({ body }: { body: string }) => {
        open += 1
        most = Math.max(most, open)
        events += (JSON.parse(body) as { batch: unknown[] }).batch.length
        await pause(5)
        open -= 1
        return { status: 200, statusText: 'OK' }
      },
    },
  }
}

/** How many bytes two ids have in common at any distance from each other, the largest count of all distances. */
function sharedBytes(a: string, b: string): number {
  const bytesOf = (id: string) => id.match(/../g) ?? []
  const [left, right] = [bytesOf(a), bytesOf(b)]
  const shifts = [0, 1, 2]
  return Math.max(
    ...shifts.map(
      (shift) => left.filter((byte, i) => byte === right[i - shift] || byte === right[i + shift]).length,
    ),
  )
}
