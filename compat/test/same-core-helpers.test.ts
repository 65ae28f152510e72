import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { CoreLibrary, Envelope, Fields } from '../src/library'
import { plugin } from '../src/plugins'
import { coreSubjects } from '../src/subjects'
import { inVirtualTime } from '../src/virtual-time'

const exported = [
  'ContextCancelation',
  'CoreContext',
  'CoreEventFactory',
  'CoreEventQueue',
  'CoreLogger',
  'CoreStats',
  'NullStats',
  'ON_REMOVE_FROM_FUTURE',
  'PriorityQueue',
  'ValidationError',
  'assertEventExists',
  'assertEventType',
  'assertMessageId',
  'assertTrackEventName',
  'assertTrackEventProperties',
  'assertTraits',
  'assertUserIdentity',
  'attempt',
  'backoff',
  'bindAll',
  'dispatch',
  'ensure',
  'exists',
  'getDelay',
  'invokeCallback',
  'isFunction',
  'isNumber',
  'isPlainObject',
  'isString',
  'pTimeout',
  'sleep',
  'validateEvent',
]

describe.each(coreSubjects)('the helpers of $name', (subject) => {
  let core: CoreLibrary
  let create: (event?: Fields) => Envelope
  beforeAll(async () => {
    core = await subject.load()
    class Context extends core.CoreContext {}
    class Stats extends core.CoreStats {}
    create = (event = { type: 'track', event: 'E' }) => new Context(event, undefined, new Stats())
  })

  it.each(exported)('has %s', (name) => {
    expect(core).toHaveProperty(name)
  })

  describe('backoff', () => {
    it.each([
      { params: { attempt: 0 }, least: 500, most: 1_000 },
      { params: { attempt: 1 }, least: 1_000, most: 2_000 },
      { params: { attempt: 4 }, least: 8_000, most: 16_000 },
      { params: { attempt: 2, minTimeout: 100 }, least: 400, most: 800 },
      { params: { attempt: 2, factor: 3 }, least: 4_500, most: 9_000 },
      { params: { attempt: 10, maxTimeout: 60_000 }, least: 60_000, most: 60_000 },
      { params: { attempt: 1, minTimeout: 0 }, least: 0, most: 0 },
    ])('of $params is between $least and $most', ({ params, least, most }) => {
      const delays = Array.from({ length: 200 }, () => core.backoff(params))

      expect(Math.min(...delays)).toBeGreaterThanOrEqual(least)
      expect(Math.max(...delays)).toBeLessThanOrEqual(most)
      if (least !== most) expect(new Set(delays).size).toBeGreaterThan(1)
    })
  })

  it.each<{ value: unknown; is: string[] }>([
    { value: 'text', is: ['string', 'exists'] },
    { value: '', is: ['string', 'exists'] },
    { value: 1, is: ['number', 'exists'] },
    { value: Number.NaN, is: ['number', 'exists'] },
    { value: () => 1, is: ['function', 'exists'] },
    { value: {}, is: ['plain', 'exists'] },
    { value: Object.create(null), is: ['plain', 'exists'] },
    { value: new (class Own {})(), is: ['plain', 'exists'] },
    { value: [], is: ['exists'] },
    { value: new Date(), is: ['exists'] },
    { value: new Map(), is: ['exists'] },
    { value: false, is: ['exists'] },
    { value: null, is: [] },
    { value: undefined, is: [] },
  ])('says that $value is $is', ({ value, is }) => {
    expect({
      string: core.isString(value),
      number: core.isNumber(value),
      function: core.isFunction(value),
      plain: core.isPlainObject(value),
      exists: core.exists(value),
    }).toEqual({
      string: is.includes('string'),
      number: is.includes('number'),
      function: is.includes('function'),
      plain: is.includes('plain'),
      exists: is.includes('exists'),
    })
  })

  it('binds the methods of a class to one instance', () => {
    class Counter {
      count = 0
      increment() {
        this.count += 1
      }
      get double() {
        return this.count * 2
      }
    }
    const counter = new Counter()

    const bound = core.bindAll(counter)
    const { increment } = counter
    increment()

    expect(bound).toBe(counter)
    expect(counter.count).toBe(1)
    expect(counter.double).toBe(2)
  })

  describe('pTimeout', () => {
    it('passes a value and a failure on', async () => {
      await expect(core.pTimeout(Promise.resolve(1), 100)).resolves.toBe(1)
      await expect(core.pTimeout(Promise.reject(new Error('mine')), 100)).rejects.toThrow('mine')
    })

    it('fails when the time is over', async () => {
      await expect(core.pTimeout(new Promise(() => {}), 1)).rejects.toEqual(new Error('Promise timed out'))
    })
  })

  it('sleeps', async () => {
    await inVirtualTime(async (time) => {
      const woke = vi.fn()
      void core.sleep(1_000).then(woke)
      await time.pass(999)
      const early = woke.mock.calls.length
      await time.pass(1)

      expect(early).toBe(0)
      expect(woke).toHaveBeenCalledOnce()
    })
  })

  it.each([
    { ago: 0, timeout: undefined, left: 300 },
    { ago: 100, timeout: undefined, left: 200 },
    { ago: 100, timeout: 1_000, left: 900 },
    { ago: 400, timeout: undefined, left: 0 },
    { ago: 0, timeout: 0, left: 0 },
  ])('has $left ms left of $timeout after $ago ms', async ({ ago, timeout, left }) => {
    await inVirtualTime(async (time) => {
      expect(core.getDelay(time.now() - ago, timeout)).toBe(left)
    })
  })

  describe('invokeCallback', () => {
    it('calls after the delay and resolves with the context', async () => {
      await inVirtualTime(async (time) => {
        const ctx = create()
        const callback = vi.fn()
        const invoked = core.invokeCallback(ctx, callback, 100)
        await time.pass(99)
        const early = callback.mock.calls.length
        await time.pass(1)

        expect(early).toBe(0)
        expect(await invoked).toBe(ctx)
        expect(callback.mock.calls).toEqual([[ctx]])
      })
    })

    it.each([
      {
        title: 'throws',
        callback: () => {
          throw new Error('mine')
        },
        error: new Error('mine'),
      },
      { title: 'rejects', callback: () => Promise.reject(new Error('mine')), error: new Error('mine') },
      { title: 'never ends', callback: () => new Promise(() => {}), error: new Error('Promise timed out') },
    ])('notes it when a callback $title', async ({ callback, error }) => {
      await inVirtualTime(async (time) => {
        const ctx = create()
        const invoked = core.invokeCallback(ctx, callback, 0)
        await time.pass(1_001)

        expect(await invoked).toBe(ctx)
        expect(ctx.logs().map(({ level, message, extras }) => ({ level, message, extras }))).toEqual([
          { level: 'warn', message: 'Callback Error', extras: { error } },
        ])
        expect(ctx.stats.metrics).toMatchObject([{ metric: 'callback_error', type: 'counter', value: 1 }])
      })
    })
  })

  describe('the logger', () => {
    const printed = (lines: [string, string][], withTable = true) => {
      const names = ['table', 'log', 'warn', 'error'] as const
      const spies = names.map((name) => vi.spyOn(console, name).mockImplementation(() => {}))
      const table = console.table
      if (!withTable) Object.assign(console, { table: undefined })
      const logger = new core.CoreLogger()
      for (const [level, message] of lines) logger.log(level, message, { a: 1 })
      logger.flush()
      console.table = table
      const calls = names
        .map((name, i) => [name, spies[i]?.mock.calls.length ?? 0])
        .filter(([, n]) => n !== 0)
      const left = logger.logs
      for (const spy of spies) spy.mockRestore()
      return { calls: Object.fromEntries(calls), left }
    }

    it.each(['debug', 'info', 'warn', 'error'])('keeps lines of level %s', (level) => {
      const logger = new core.CoreLogger()

      logger.log(level, 'line', { a: 1 })

      expect(logger.logs).toEqual([{ level, message: 'line', time: expect.any(Date), extras: { a: 1 } }])
    })

    it.each([
      { lines: [['info', 'a']], calls: { log: 1 } },
      { lines: [['debug', 'a']], calls: { log: 1 } },
      { lines: [['warn', 'a']], calls: { warn: 1 } },
      { lines: [['error', 'a']], calls: { error: 1 } },
      {
        lines: [
          ['info', 'a'],
          ['error', 'b'],
        ],
        calls: { table: 1 },
      },
      { lines: [], calls: {} },
    ] as { lines: [string, string][]; calls: Fields }[])('prints $lines with $calls', ({ lines, calls }) => {
      expect(printed(lines)).toEqual({ calls, left: [] })
    })

    it('prints with log where there is no table', () => {
      expect(
        printed(
          [
            ['info', 'a'],
            ['info', 'b'],
          ],
          false,
        ),
      ).toEqual({ calls: { log: 1 }, left: [] })
    })

    it('loses no line of the same moment in the table', () => {
      const table = vi.spyOn(console, 'table').mockImplementation(() => {})
      const logger = new core.CoreLogger()
      for (let i = 0; i < 5; i += 1) logger.log('info', `line ${i}`, { i })

      logger.flush()
      const [rows] = table.mock.calls[0] ?? []
      table.mockRestore()

      const values = Object.values(rows as Record<string, Fields>)
      expect(values.map((row) => row.message)).toEqual(['line 0', 'line 1', 'line 2', 'line 3', 'line 4'])
      expect(values.map((row) => row.json)).toEqual(
        [0, 1, 2, 3, 4].map((i) => JSON.stringify({ i }, null, ' ')),
      )
      for (const key of Object.keys(rows)) expect(key).toMatch(/^\d{4}-\d\d-\d\dT/)
    })
  })

  describe('the stats', () => {
    it('keep counters and gauges', () => {
      class Stats extends core.CoreStats {}
      const stats = new Stats()

      stats.increment('a')
      stats.increment('b', 3, ['t:1'])
      stats.gauge('c', 7)
      stats.gauge('d', 8, ['t:2'])

      const timestamp = expect.any(Number)
      expect(stats.metrics).toEqual([
        { metric: 'a', value: 1, type: 'counter', tags: [], timestamp },
        { metric: 'b', value: 3, type: 'counter', tags: ['t:1'], timestamp },
        { metric: 'c', value: 7, type: 'gauge', tags: [], timestamp },
        { metric: 'd', value: 8, type: 'gauge', tags: ['t:2'], timestamp },
      ])
      expect(stats.serialize()).toEqual([
        { m: 'a', v: 1, k: 'c', t: [], e: timestamp },
        { m: 'b', v: 3, k: 'c', t: ['t:1'], e: timestamp },
        { m: 'c', v: 7, k: 'g', t: [], e: timestamp },
        { m: 'd', v: 8, k: 'g', t: ['t:2'], e: timestamp },
      ])
    })

    it('print a table and start again when flushed', () => {
      class Stats extends core.CoreStats {}
      const stats = new Stats()
      stats.increment('a')
      const table = vi.spyOn(console, 'table').mockImplementation(() => {})

      stats.flush()
      const calls = table.mock.calls.length
      table.mockRestore()

      expect(calls).toBe(1)
      expect(stats.metrics).toEqual([])
    })

    it('of the null kind keep nothing', () => {
      const stats = new core.NullStats()

      stats.increment('a')
      stats.gauge('b', 1)
      stats.flush()

      expect(stats.metrics).toEqual([])
      expect(stats.serialize()).toEqual([])
    })
  })

  it('makes validation errors of a field and a complaint', () => {
    const error = new core.ValidationError('.event', 'is not a string')

    expect(error).toBeInstanceOf(Error)
    expect(error.message).toBe('.event is not a string')
    expect(error.field).toBe('.event')
  })

  it.each<{ check: keyof CoreLibrary; event: unknown; complaint: string | undefined }>([
    { check: 'assertEventExists', event: undefined, complaint: 'Event is nil' },
    { check: 'assertEventExists', event: null, complaint: 'Event is nil' },
    { check: 'assertEventExists', event: 'text', complaint: 'Event is not an object' },
    { check: 'assertEventExists', event: {}, complaint: undefined },
    { check: 'assertEventType', event: {}, complaint: '.type is not a string' },
    { check: 'assertEventType', event: { type: 'track' }, complaint: undefined },
    { check: 'assertMessageId', event: { messageId: 1 }, complaint: '.messageId is not a string' },
    { check: 'assertMessageId', event: {}, complaint: '.messageId is not a string' },
    { check: 'assertMessageId', event: { messageId: 'm' }, complaint: undefined },
    { check: 'assertTrackEventName', event: {}, complaint: '.event is not a string' },
    { check: 'assertTrackEventName', event: { event: 'E' }, complaint: undefined },
    { check: 'assertTrackEventProperties', event: {}, complaint: '.properties is not an object' },
    {
      check: 'assertTrackEventProperties',
      event: { properties: [] },
      complaint: '.properties is not an object',
    },
    { check: 'assertTrackEventProperties', event: { properties: {} }, complaint: undefined },
    { check: 'assertTraits', event: {}, complaint: '.traits is not an object' },
    { check: 'assertTraits', event: { traits: [] }, complaint: '.traits is not an object' },
    { check: 'assertTraits', event: { traits: {} }, complaint: undefined },
    { check: 'assertUserIdentity', event: {}, complaint: '.userId/anonymousId/previousId/groupId is nil' },
    {
      check: 'assertUserIdentity',
      event: { userId: 7 },
      complaint: '.userId/anonymousId/previousId/groupId is not a string',
    },
    { check: 'assertUserIdentity', event: { userId: null, groupId: 'g' }, complaint: undefined },
    { check: 'assertUserIdentity', event: { previousId: 'p' }, complaint: undefined },
    { check: 'validateEvent', event: undefined, complaint: 'Event is nil' },
    { check: 'validateEvent', event: {}, complaint: '.type is not a string' },
    { check: 'validateEvent', event: { type: 'track', messageId: 'm' }, complaint: '.event is not a string' },
    {
      check: 'validateEvent',
      event: { type: 'track', event: 'E', messageId: 'm' },
      complaint: '.properties is not an object',
    },
    {
      check: 'validateEvent',
      event: { type: 'track', event: 'E', properties: {} },
      complaint: '.messageId is not a string',
    },
    {
      check: 'validateEvent',
      event: { type: 'track', event: 'E', properties: {}, messageId: 'm' },
      complaint: undefined,
    },
    {
      check: 'validateEvent',
      event: { type: 'identify', messageId: 'm' },
      complaint: '.traits is not an object',
    },
    {
      check: 'validateEvent',
      event: { type: 'group', messageId: 'm' },
      complaint: '.traits is not an object',
    },
    { check: 'validateEvent', event: { type: 'alias', messageId: 'm' }, complaint: undefined },
    { check: 'validateEvent', event: { type: 'page', messageId: 'm' }, complaint: undefined },
    { check: 'validateEvent', event: { type: 'screen', messageId: 'm' }, complaint: undefined },
  ])('$check($event): $complaint', ({ check, event, complaint }) => {
    let said: string | undefined
    try {
      Reflect.apply(core[check] as (event: unknown) => void, undefined, [event])
    } catch (error) {
      said = (error as Error).message
    }

    expect(said).toBe(complaint)
  })

  describe('attempt and ensure', () => {
    it('attempt resolves with what the hook returns, and measures it', async () => {
      const ctx = create()
      const other = create()

      expect(
        await core.attempt(
          ctx,
          plugin('enrichment', 'p', () => other),
        ),
      ).toBe(other)
      expect(await core.attempt(ctx, plugin('enrichment', 'p'))).toBe(ctx)
      expect(ctx.logs().map(({ level, message, extras }) => [level, message, extras])).toEqual([
        ['debug', 'plugin', { plugin: 'p' }],
        ['debug', 'plugin', { plugin: 'p' }],
      ])
      expect(other.stats.metrics).toMatchObject([
        { metric: 'plugin_time', type: 'gauge', tags: ['plugin:p'] },
      ])
    })

    it('attempt resolves with the error of a hook, and counts it', async () => {
      const ctx = create()
      const error = new Error('mine')

      expect(
        await core.attempt(
          ctx,
          plugin('enrichment', 'p', () => Promise.reject(error)),
        ),
      ).toBe(error)
      expect(ctx.logs().map(({ level, message, extras }) => [level, message, extras])).toEqual([
        ['debug', 'plugin', { plugin: 'p' }],
        ['error', 'plugin Error', { plugin: 'p', error }],
      ])
      expect(ctx.stats.metrics).toMatchObject([
        { metric: 'plugin_error', type: 'counter', tags: ['plugin:p'] },
      ])
    })

    it('attempt resolves with a cancelation, but fails with that of a middleware', async () => {
      const ctx = create()
      const mild = new core.ContextCancelation({ type: 'mine' })
      const hard = new core.ContextCancelation({ type: 'middleware_cancellation' })

      expect(
        await core.attempt(
          ctx,
          plugin('enrichment', 'p', () => Promise.reject(mild)),
        ),
      ).toBe(mild)
      await expect(
        core.attempt(
          ctx,
          plugin('enrichment', 'p', () => Promise.reject(hard)),
        ),
      ).rejects.toBe(hard)
      expect(ctx.logs().at(1)).toMatchObject({
        level: 'warn',
        message: 'mine',
        extras: { plugin: 'p', error: mild },
      })
    })

    it('ensure resolves with a context or fails with the error', async () => {
      const ctx = create()
      const other = create()
      const error = new Error('mine')

      expect(
        await core.ensure(
          ctx,
          plugin('before', 'p', () => other),
        ),
      ).toBe(other)
      await expect(
        core.ensure(
          ctx,
          plugin('before', 'p', () => Promise.reject(error)),
        ),
      ).rejects.toBe(error)
      expect(ctx.logs().at(-1)).toMatchObject({ level: 'debug', message: 'Context canceled' })
      expect(ctx.stats.metrics.at(-1)).toMatchObject({ metric: 'context_canceled', type: 'counter' })
    })
  })
})
