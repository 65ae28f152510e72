import { settled } from '@sluice/testing'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { type Context, type Plugin, QueueFullError } from '../src'
import { startClient } from './support/start-client'

const unhandled: unknown[] = []
const recordUnhandled = (reason: unknown) => unhandled.push(reason)
process.on('unhandledRejection', recordUnhandled)
afterAll(() => void process.off('unhandledRejection', recordUnhandled))
afterEach(() => {
  vi.restoreAllMocks()
  expect(unhandled).toEqual([])
})

const spoiling = (type: Plugin['type'], spoil: (ctx: Context) => unknown): Plugin => ({
  name: 'spoils',
  type,
  version: '1.0.0',
  isLoaded: () => true,
  load: async () => {},
  track(ctx) {
    if (ctx.event.event === 'spoiled') spoil(ctx)
    return ctx
  },
})

const throwing = () => {
  throw new Error('mine')
}

describe.each(['before', 'enrichment', 'destination', 'after'] as const)('given a %s plugin', (type) => {
  it.each<[string, (ctx: Context) => unknown]>([
    ['freezes the context', (ctx) => Object.freeze(ctx)],
    ['freezes context and event', (ctx) => Object.freeze(Object.freeze(ctx).event)],
    ['makes failedDelivery throw', (ctx) => Object.assign(ctx, { failedDelivery: throwing })],
    ['makes failedDelivery no function', (ctx) => Object.assign(ctx, { failedDelivery: 5 })],
    ['makes setFailedDelivery throw', (ctx) => Object.assign(ctx, { setFailedDelivery: throwing })],
    [
      'leaves a failure that cannot be read',
      (ctx) => ctx.setFailedDelivery(Object.defineProperty({ reason: 0 }, 'reason', { get: throwing })),
    ],
    ['breaks the log', (ctx) => Object.assign(ctx, { log: throwing, logger: undefined })],
    ['leaves a BigInt in the event', (ctx) => ctx.updateEvent('properties.big', 5n)],
  ])('that %s, every event ends once, and only that one can be hurt', async (_, spoil) => {
    for (const status of [200, 400]) {
      const { analytics, heard } = startClient({ replies: [status], flushAt: 100 })
      await analytics.register(spoiling(type, spoil))
      const callbacks = new Map<string, unknown[]>()
      for (const event of ['first', 'spoiled', 'last']) {
        callbacks.set(event, [])
        analytics.track({ userId: 'u', event }, async (error) => {
          callbacks.get(event)?.push(error)
          if (event === 'spoiled') throw new Error('of the callback')
        })
      }
      await analytics.closeAndFlush()
      await settled()

      expect([...callbacks.values()].map((calls) => calls.length)).toEqual([1, 1, 1])
      for (const healthy of ['first', 'last']) {
        expect(callbacks.get(healthy)).toEqual([
          status === 200 ? undefined : expect.objectContaining({ message: '[400] Status 400' }),
        ])
      }
      const { accepted, delivered, failed, pending } = analytics.counts()
      expect([accepted, delivered + failed, pending]).toEqual([3, 3, 0])
      const ends = heard.filter(({ event }) => event === 'track' || event === 'error')
      const ofEvents = ends.filter(
        ({ argument }) => (argument as { code?: string }).code !== 'destination_failure',
      )
      expect(ofEvents).toHaveLength(3)
    }
  })
})

describe('given a plugin that makes the event another type', () => {
  it.each(['load', 'unload', 'isLoaded', 'toString', 'constructor'])(
    '%s: no method of that name is called, and the type is as it was',
    async (name) => {
      const { analytics, sent } = startClient()
      const load = vi.fn(async () => {})
      const later: Plugin = {
        name: 'later',
        type: 'enrichment',
        version: '1.0.0',
        isLoaded: () => true,
        load,
        unload: load,
      }
      const before = spoiling('enrichment', (ctx) => Object.assign(ctx.event, { type: name }))
      await analytics.register(before, later)
      load.mockClear()
      analytics.track({ userId: 'u', event: 'spoiled' })
      await analytics.flush()

      expect(load).not.toHaveBeenCalled()
      expect(JSON.parse(sent[0]?.body ?? '{}').batch).toMatchObject([{ type: 'track', event: 'spoiled' }])
    },
  )
})

it('a hook of the destination Segment.io that was replaced is called, and the event ends with it', async () => {
  const { analytics, sent, names } = startClient()
  const queue: { plugins: Plugin[] } = Reflect.get(analytics, '_queue')
  const [destination] = queue.plugins
  const send = destination?.track
  const wrapped = vi.fn((ctx: Context) => send?.(ctx) ?? null)
  Object.assign(destination ?? {}, { track: wrapped })
  analytics.track({ userId: 'u', event: 'a' })
  await analytics.flush()

  expect(wrapped).toHaveBeenCalledOnce()
  expect(sent).toHaveLength(1)
  expect(names()).toContain('track')
})

describe('a context', () => {
  const contextsOf = async (watch: (client: ReturnType<typeof startClient>) => Promise<Context[]>) => {
    const client = startClient({ replies: [200] })
    const contexts = await watch(client)
    expect(contexts).not.toEqual([])
    return contexts
  }

  it.each<[string, (client: ReturnType<typeof startClient>) => Promise<Context[]>]>([
    [
      'of a callback',
      ({ analytics }) =>
        new Promise((resolve) => {
          analytics.track({ userId: 'u', event: 'a' }, (_, ctx) => resolve(ctx ? [ctx] : []))
        }),
    ],
    [
      'of a listener',
      ({ analytics, track }) =>
        new Promise((resolve) => {
          analytics.on('track', (ctx) => resolve([ctx]))
          track('a')
        }),
    ],
    [
      'kept from the beginning',
      async ({ analytics, track }) => {
        const kept: Context[] = []
        analytics.on('dispatch_start', (ctx) => kept.push(ctx))
        track('a')
        await settled()
        return kept
      },
    ],
  ])('%s can be spread, assigned and cloned with its event', async (_, watch) => {
    for (const ctx of await contextsOf(watch)) {
      ctx.log('debug', 'mine', () => ({}))

      expect({ ...ctx }.event).toMatchObject({ type: 'track', event: 'a' })
      expect(Object.assign({}, ctx).event).toBe(ctx.event)
      expect(structuredClone(ctx).event).toMatchObject({ type: 'track', event: 'a' })
    }
  })
})

describe('a listener that waits', () => {
  it.each(['track', 'error', 'dispatch_start'] as const)(
    'and fails is reported once: of %s',
    async (event) => {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
      const { analytics, track, arguments: heard } = startClient({ replies: [event === 'error' ? 400 : 200] })
      const reason = new Error('of the listener')
      analytics.once(event, () => Promise.reject(reason))
      track('a')
      await analytics.flush()
      await settled()

      const reports = heard('error').filter((error) => (error as { reason: unknown }).reason === reason)
      expect(reports.length + warn.mock.calls.length).toBe(1)
    },
  )
})

describe('given an Error.prototype that is frozen', () => {
  it('a full queue throws nothing into the application', async () => {
    const { analytics, track, arguments: heard } = startClient({ maxQueueSize: 1, flushAt: 100 })
    const { prototype } = Error
    const fields = Object.getOwnPropertyDescriptors(prototype)
    const readOnly = Object.entries(fields).map(([name, field]) => [name, { ...field, writable: false }])
    Object.defineProperties(prototype, Object.fromEntries(readOnly))
    try {
      track('a')
      track('b')
      await settled()
    } finally {
      Object.defineProperties(prototype, fields)
    }
    await analytics.flush()

    expect(heard('error')).toMatchObject([{ code: 'delivery_failure', reason: expect.any(QueueFullError) }])
  })
})
