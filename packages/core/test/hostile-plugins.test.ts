import { createFakeClock, settled } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import type { PluginHook, PluginType } from '../src'
import { PriorityQueue } from '../src'
import {
  answering,
  client,
  createContext,
  createPlugin,
  type TestContext,
  type TestPlugin,
  TestQueue,
} from './support/start-queue'

type Hook = PluginHook<TestContext>

const explode = (): never => {
  throw new Error('trap')
}
/** What throws whatever is done with it. */
const untouchable = () => new Proxy({}, { get: explode, set: explode, has: explode, getPrototypeOf: explode })

/** A part of a plugin that can be read so often. */
function readable<Value>(times: number, value: Value): PropertyDescriptor {
  let reads = 0
  return {
    get() {
      reads++
      return reads > times ? explode() : value
    },
  }
}

/** All the ways in which the hook of a plugin can leave nothing that can be gone on with. */
const badHooks: [string, Hook][] = [
  ['answers an event and `cancel` alone', ({ event }) => answering({ event, cancel() {} })(createContext())],
  ['answers that later', async ({ event }) => ({ event, cancel() {} }) as never],
  ['answers the parts of its context', (ctx) => ({ ...ctx, event: ctx.event, cancel: ctx.cancel }) as never],
  ['answers what throws when it is looked at', answering(untouchable())],
  ['answers a promise that cannot be looked at', () => new Proxy(Promise.resolve(null), { get: explode })],
  [
    'throws what throws when it is looked at',
    () => {
      throw untouchable()
    },
  ],
  ['rejects with what throws when it is looked at', () => Promise.reject(untouchable())],
  [
    'takes the event out of its context',
    (ctx) => {
      Object.assign(ctx, { event: null })
      return ctx
    },
  ],
  [
    'takes it out and throws',
    (ctx) => {
      Object.assign(ctx, { event: undefined })
      throw new Error('mine')
    },
  ],
  [
    'takes the type out of the event',
    (ctx) => {
      Reflect.deleteProperty(ctx.event, 'type')
      return ctx
    },
  ],
]

/** A pipeline with this plugin and with a destination that notes what it gets. */
async function startWith(bad: TestPlugin) {
  const sent: (string | undefined)[] = []
  const destination = createPlugin('destination', 'good', (ctx) => {
    sent.push(ctx.event.event)
    return ctx
  })
  const clock = createFakeClock()
  const queue = new TestQueue(new PriorityQueue(1), { clock })
  for (const plugin of [bad, destination]) await queue.register(createContext(), plugin, client)
  const take = async (event: string, type: 'track' | 'page' = 'track') => {
    const ctx = createContext({ type, event })
    const ends: TestContext[] = []
    queue.process(ctx, (ended) => ends.push(ended))
    await settled()
    expect(ends).toHaveLength(1)
    return { reason: ends[0]?.failedDelivery()?.reason, log: JSON.stringify(ctx.logs()) }
  }
  return { queue, clock, sent, take }
}

describe.each(badHooks)('given a hook that %s', (_, hook) => {
  it('passes it over when it is of an enrichment plugin', async () => {
    const { take, sent } = await startWith(createPlugin('enrichment', 'bad', hook))

    expect([await take('A'), await take('B')]).toMatchObject([{ reason: undefined }, { reason: undefined }])
    expect(sent).toEqual(['A', 'B'])
  })

  it('ends the event, and that event alone, with a reason that can be read when it is of a before plugin', async () => {
    let isBad = true
    const { take, sent } = await startWith(createPlugin('before', 'bad', (ctx) => (isBad ? hook(ctx) : ctx)))
    const { reason, log } = await take('A')
    isBad = false

    expect(String(reason)).toMatch(/Error: /)
    expect(log).toContain('{"plugin":"bad","error":')
    expect(await take('B')).toMatchObject({ reason: undefined })
    expect(sent).toEqual(['B'])
  })

  it.each<PluginType>(['destination', 'after'])('hurts nobody when it is of type %s', async (type) => {
    const { take, sent } = await startWith(createPlugin(type, 'bad', hook))

    expect([await take('A'), await take('B')]).toMatchObject([{ reason: undefined }, { reason: undefined }])
    expect(sent).toEqual(['A', 'B'])
  })
})

describe('an event', () => {
  const breaking: [string, (ctx: TestContext) => void][] = [
    ['whose context logs no more', (ctx) => Object.assign(ctx, { log: explode })],
    ['whose metrics throw', (ctx) => Object.assign(ctx.stats, { gauge: explode, increment: explode })],
    ['whose context is frozen', (ctx) => Object.freeze(ctx)],
  ]

  it.each(breaking)('%s is delivered all the same', async (_, change) => {
    const { take, sent } = await startWith(
      createPlugin('before', 'bad', (ctx) => {
        change(ctx)
        return ctx
      }),
    )

    expect(await take('A')).toMatchObject({ reason: undefined })
    expect(sent).toEqual(['A'])
  })

  it.each(breaking)('%s fails when it is dropped', async (_, change) => {
    const { take } = await startWith(
      createPlugin('before', 'bad', (ctx) => {
        change(ctx)
        return null
      }),
    )

    expect(await take('A')).toMatchObject({ reason: { retry: false, by: 'bad' } })
  })

  it('that can be read no more fails, and others go on', async () => {
    const { take, sent } = await startWith(
      createPlugin('before', 'bad', (ctx) => {
        if (ctx.event.event !== 'A') return ctx
        return Object.defineProperty(createContext(), 'event', readable(1, ctx.event))
      }),
    )

    expect(await take('A')).toMatchObject({ reason: { cause: new Error('trap') } })
    expect(await take('B')).toMatchObject({ reason: undefined })
    expect(sent).toEqual(['B'])
  })
})

describe('an event that breaks before others could leave', () => {
  it('fails, and nobody waits for it', async () => {
    const { queue, take, sent } = await startWith(
      createPlugin('before', 'bad', async (ctx) => {
        if (ctx.event.event !== 'A') return ctx
        return Object.defineProperty(createContext(), 'event', readable(1, ctx.event))
      }),
    )
    queue.plugins = [...queue.plugins, createPlugin('before', 'next', (ctx) => ctx)]
    const ended = [take('A'), take('B')]

    expect(await Promise.all(ended)).toMatchObject([{ reason: new Error('trap') }, { reason: undefined }])
    expect(sent).toEqual(['B'])
  })
})

describe('a plugin that cannot be read any more', () => {
  const parts = ['name', 'type', 'alternativeNames', 'track'] as const

  it.each(
    parts.flatMap((part) =>
      (['enrichment', 'destination', 'after'] as const).map((type) => [part, type] as const),
    ),
  )('(%s, of type %s) hurts nobody', async (part, type) => {
    const bad = createPlugin(type, 'bad', (ctx) => ctx, { alternativeNames: [] })
    const { queue, take, sent } = await startWith(bad)
    Object.defineProperty(bad, part, readable(0, undefined))

    expect([await take('A'), await take('B')]).toMatchObject([{ reason: undefined }, { reason: undefined }])
    expect(sent).toEqual(['A', 'B'])
    expect(queue.plugins).toHaveLength(2)
  })

  it('ends events with its name if it is one without which they must not go on', async () => {
    const plugin = createPlugin('before', 'bad', (ctx) => ctx)
    const { proxy, revoke } = Proxy.revocable(plugin, {})
    const { queue, take, sent } = await startWith(proxy)
    revoke()
    const { reason, log } = await take('A', 'page')

    expect(reason).toBeInstanceOf(TypeError)
    expect(log).toContain('{"plugin":"bad","error":')
    queue.plugins = queue.plugins.slice(1)
    expect(await take('B')).toMatchObject({ reason: undefined })
    expect(sent).toEqual(['B'])
  })

  it('is told of when it is a destination', async () => {
    const bad = createPlugin('destination', 'bad', undefined, { alternativeNames: [] })
    const { queue, take } = await startWith(bad)
    const told: unknown[] = []
    queue.on('destination_failure', (_, plugin, reason) => told.push([plugin, String(reason)]))
    Object.defineProperty(bad, 'alternativeNames', readable(0, undefined))
    queue.process(createContext({ integrations: { Other: true } }), () => {})

    expect(told).toEqual([[bad, 'Error: plugin bad cannot be asked']])
    expect(await take('A')).toMatchObject({ reason: undefined })
  })
})

describe('a hook that makes calls of its own without end', () => {
  it('loses no event, runs out of no stack, and holds up nobody', async () => {
    let calls = 0
    const made: TestContext[] = []
    const ended: TestContext[] = []
    const { queue, take, sent, clock } = await startWith(
      createPlugin('enrichment', 'bad', (ctx) => {
        if (ctx.event.event === 'A' && calls < 20_000) {
          calls++
          const another = createContext({ event: 'A' })
          made.push(another)
          queue.process(another, (last) => ended.push(last))
        }
        return ctx
      }),
    )
    await take('B')
    queue.process(createContext({ event: 'A' }), () => {})
    await clock.advance(10_000)

    expect(made).toHaveLength(20_000)
    expect(ended).toHaveLength(20_000)
    expect(ended.filter((ctx) => ctx.failedDelivery())).toEqual([])
    expect(await take('C')).toMatchObject({ reason: undefined })
    expect(sent).toHaveLength(20_003)
    expect(sent.at(-1)).toBe('C')
  })
})
