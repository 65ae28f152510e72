import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { CoreLibrary, EmitterLike, Envelope, EventQueueLike, Fields, PluginLike } from '../src/library'
import { plugin } from '../src/plugins'
import { coreSubjects, flowSubjects } from '../src/subjects'
import { inVirtualTime } from '../src/virtual-time'

const names = [
  'message_enriched',
  'message_delivered',
  'delivery_success',
  'delivery_retry',
  'delivery_failure',
  'flush',
  'initialization_failure',
]

describe.each(coreSubjects)('the event queue of $name', (subject) => {
  let core: CoreLibrary
  let emitter: () => EmitterLike
  beforeAll(async () => {
    core = await subject.load()
    const flow = await (flowSubjects.find(({ name }) => name === subject.name) ?? expect.unreachable()).load()
    emitter = () => new flow.Emitter()
  })

  function create({ maxAttempts = 4, plugins = [] as PluginLike[] } = {}) {
    class Queue extends core.CoreEventQueue {}
    class Context extends core.CoreContext {}
    class Stats extends core.CoreStats {}
    const queue: EventQueueLike = new Queue(new core.PriorityQueue(maxAttempts, []))
    const trace: string[] = []
    for (const name of names) {
      queue.on(name, (_ctx, second) => {
        const extra = typeof second === 'boolean' ? ` ${second}` : ''
        trace.push(`${name}${extra}`)
      })
    }
    const context = (event: Fields = { type: 'track', event: 'E' }): Envelope =>
      new Context(event, undefined, new Stats())
    return { queue, trace, context, ready: registerAll(queue, plugins, context) }
  }

  async function registerAll(queue: EventQueueLike, plugins: PluginLike[], context: () => Envelope) {
    for (const one of plugins) await queue.register(context(), one, {})
  }

  const passing = (type: string, name = type) => plugin(type, name, (ctx) => ctx)
  const failing = (type: string, error: unknown) => plugin(type, `bad ${type}`, () => Promise.reject(error))

  it('starts empty', () => {
    const { queue } = create()

    expect(queue.isEmpty()).toBe(true)
    expect(queue.plugins).toEqual([])
    expect(queue.failedInitializations).toEqual([])
    expect(queue.criticalTasks.done()).toBeUndefined()
  })

  it('tells of a single delivery', async () => {
    const { queue, trace, context, ready } = create({
      plugins: [passing('before'), passing('enrichment'), passing('destination'), passing('after')],
    })
    await ready
    const ctx = context()

    expect(await queue.dispatchSingle(ctx)).toBe(ctx)

    expect(trace).toEqual(['message_enriched', 'message_enriched', 'message_delivered', 'delivery_success'])
    expect(ctx.attempts).toBe(1)
    expect(ctx.stats.metrics.map(({ metric }) => metric)).toEqual([
      'message_dispatched',
      'plugin_time',
      'plugin_time',
      'plugin_time',
      'message_delivered',
      'plugin_time',
      'delivered',
    ])
  })

  it('tells of a queued delivery, and of the flush', async () => {
    const { queue, trace, context, ready } = create({ plugins: [passing('before')] })
    await ready
    const ctx = context()

    expect(await queue.dispatch(ctx)).toBe(ctx)

    expect(trace).toEqual(['message_enriched', 'message_delivered', 'delivery_success', 'flush true'])
    expect(ctx.attempts).toBe(1)
    expect(queue.isEmpty()).toBe(true)
  })

  it('tries a failed event again after a while, then gives up, and never rejects', async () => {
    const error = new Error('mine')
    const { queue, trace, context, ready } = create({ maxAttempts: 2, plugins: [failing('before', error)] })
    await ready
    await inVirtualTime(async (time) => {
      const ctx = context()
      const dispatched = queue.dispatch(ctx)
      await time.pass(900)
      const early = [...trace]
      await time.pass(1_300)

      expect(early).toEqual(['delivery_failure'])
      expect(await dispatched).toBe(ctx)
      expect(trace).toEqual(['delivery_failure', 'delivery_retry', 'delivery_failure', 'flush false'])
      expect(ctx.attempts).toBe(2)
      expect(ctx.failedDelivery()).toEqual({ reason: error })
    })
  })

  it('delivers on a later attempt', async () => {
    let calls = 0
    const flaky = plugin('before', 'flaky', (ctx) => {
      calls += 1
      return calls === 1 ? Promise.reject(new Error('mine')) : ctx
    })
    const { queue, trace, context, ready } = create({ plugins: [flaky] })
    await ready
    await inVirtualTime(async (time) => {
      const ctx = context()
      const dispatched = queue.dispatchSingle(ctx)
      await time.pass(2_200)

      expect(await dispatched).toBe(ctx)
      expect(ctx.failedDelivery()).toBeUndefined()
      expect(trace).toEqual([
        'delivery_failure',
        'delivery_retry',
        'message_enriched',
        'message_delivered',
        'delivery_success',
        'flush true',
      ])
    })
  })

  it('does not retry a cancelation that says so', async () => {
    const canceled = new core.ContextCancelation({ retry: false, reason: 'no' })
    const { queue, trace, context, ready } = create({ plugins: [failing('before', canceled)] })
    await ready
    const ctx = context()

    expect(await queue.dispatchSingle(ctx)).toBe(ctx)

    expect(trace).toEqual(['delivery_failure'])
    expect(ctx.failedDelivery()).toEqual({ reason: canceled })
  })

  it('gives up at once when one attempt is all there is', async () => {
    const error = new Error('mine')
    const { queue, trace, context, ready } = create({ maxAttempts: 1, plugins: [failing('before', error)] })
    await ready
    const ctx = context()

    expect(await queue.dispatchSingle(ctx)).toBe(ctx)

    expect(trace).toEqual(['delivery_failure'])
    expect(ctx.failedDelivery()).toEqual({ reason: error })
    expect(ctx.logs().map(({ level, message }) => `${level} ${message}`)).toEqual([
      'debug Dispatching',
      'debug plugin',
      'error plugin Error',
      'debug Context canceled',
      'error Failed to deliver',
    ])
    expect(ctx.stats.metrics.map(({ metric }) => metric)).toEqual([
      'message_dispatched',
      'plugin_error',
      'context_canceled',
      'delivery_failed',
    ])
  })

  it('takes an event that a destination marks as failed for a failure, and does not retry it', async () => {
    const marking = plugin('destination', 'marking', (ctx) => {
      ctx.setFailedDelivery({ reason: 'just text' })
      return ctx
    })
    const { queue, trace, context, ready } = create({ plugins: [marking] })
    await ready
    const failures: unknown[] = []
    queue.on('delivery_failure', (_ctx, error) => failures.push(error))
    const ctx = context()

    expect(await queue.dispatch(ctx)).toBe(ctx)

    expect(trace).toEqual(['message_delivered', 'delivery_failure', 'flush false'])
    expect(failures).toEqual([new Error('just text')])
    expect(ctx.failedDelivery()).toEqual({ reason: 'just text' })
  })

  it('delivers one item of the queue for each flush', async () => {
    const { queue, context, trace } = create()
    const [first, second] = [context(), context()]
    queue.queue.push(first, second)

    expect(queue.isEmpty()).toBe(false)
    expect(await queue.flush()).toEqual([first])
    expect(await queue.flush()).toEqual([second])
    expect(await queue.flush()).toEqual([])
    expect(trace.filter((name) => name.startsWith('flush'))).toEqual(['flush true', 'flush true'])
  })

  it('returns nothing from a flush that failed', async () => {
    const { queue, context, ready } = create({
      maxAttempts: 1,
      plugins: [failing('before', new Error('mine'))],
    })
    await ready
    queue.queue.push(context())

    expect(await queue.flush()).toEqual([])
  })

  it('delivers queued events in order', async () => {
    const seen: unknown[] = []
    const slow = plugin('enrichment', 'slow', async (ctx) => {
      await new Promise((resolve) => setTimeout(resolve, ctx.event.event === 'first' ? 20 : 1))
      seen.push(ctx.event.event)
      return ctx
    })
    const { queue, context, ready } = create({ plugins: [slow] })
    await ready

    await Promise.all(
      ['first', 'second', 'third'].map((event) => queue.dispatch(context({ type: 'track', event }))),
    )

    expect(seen).toEqual(['first', 'second', 'third'])
  })

  it('holds all deliveries while a critical task runs', async () => {
    const { queue, context, trace } = create()
    let end: (value?: unknown) => void = () => {}
    const result = queue.criticalTasks.run(() => new Promise((resolve) => (end = resolve)))
    const delivered = queue.dispatchSingle(context())
    await new Promise((resolve) => setTimeout(resolve, 10))
    const early = trace.length

    end()
    await delivered

    expect(result).toBeInstanceOf(Promise)
    expect(early).toBe(0)
    expect(trace).toEqual(['message_delivered', 'delivery_success'])
    expect(await queue.criticalTasks.done()).toBeUndefined()
  })

  it('passes the result of a task through that is no promise', () => {
    const { queue } = create()

    expect(queue.criticalTasks.run(() => 7)).toBe(7)
    expect(queue.criticalTasks.done()).toBeUndefined()
  })

  it('drops a plugin that fails to load and tells of it', async () => {
    const { queue, context, trace } = create()
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const error = new Error('mine')
    const ctx = context()
    const bad = plugin('enrichment', 'bad', undefined, { load: () => Promise.reject(error) })

    await queue.register(ctx, bad, {})
    const said = warn.mock.calls
    warn.mockRestore()

    expect(said).toEqual([['bad', error]])
    expect(queue.plugins).toEqual([])
    expect(queue.failedInitializations).toEqual(['bad'])
    expect(trace).toEqual(['initialization_failure'])
    expect(ctx.logs().map(({ level, message, extras }) => ({ level, message, extras }))).toEqual([
      { level: 'warn', message: 'Failed to load destination', extras: { plugin: 'bad', error } },
    ])
  })

  it('has a plugin in its list before it is loaded', async () => {
    const { queue, context } = create()
    const mine = plugin('enrichment', 'mine')

    const registered = queue.register(context(), mine, {})

    expect(queue.plugins).toEqual([mine])
    await registered
  })

  it('removes all plugins of a name', async () => {
    const { queue, context, ready } = create({
      plugins: [passing('before', 'a'), passing('before', 'a'), passing('before', 'b')],
    })
    await ready

    await queue.deregister(context(), passing('before', 'a'), {})

    expect(queue.plugins.map(({ name }) => name)).toEqual(['b'])
  })

  it('keeps a plugin whose unload fails and notes it', async () => {
    const error = new Error('mine')
    const clingy = plugin('before', 'clingy', undefined, { unload: () => Promise.reject(error) })
    const { queue, context, ready } = create({ plugins: [clingy] })
    await ready
    const ctx = context()

    await queue.deregister(ctx, clingy, {})

    expect(queue.plugins).toEqual([clingy])
    expect(ctx.logs()).toMatchObject([
      { level: 'warn', message: 'Failed to unload destination', extras: { plugin: 'clingy', error } },
    ])
  })

  describe('dispatch', () => {
    it('emits dispatch_start in the call, delivers, and calls back not before 300 ms are over', async () => {
      const { queue, context } = create()
      await inVirtualTime(async (time) => {
        const started = vi.fn()
        const callback = vi.fn()
        const ctx = context()
        const dispatched = core.dispatch(ctx, queue, emitter().on('dispatch_start', started), { callback })
        const inTheCall = started.mock.calls
        await time.pass(299)
        const early = callback.mock.calls.length
        await time.pass(2)

        expect(inTheCall).toEqual([[ctx]])
        expect(early).toBe(0)
        expect(callback.mock.calls).toEqual([[ctx]])
        expect(await dispatched).toBe(ctx)
      })
    })

    it('calls back as early as the timeout says', async () => {
      const { queue, context } = create()
      await inVirtualTime(async (time) => {
        const callback = vi.fn()
        void core.dispatch(context(), queue, emitter(), { callback, timeout: 50 })
        await time.pass(51)

        expect(callback).toHaveBeenCalledOnce()
      })
    })

    it('resolves without a wait when there is no callback', async () => {
      const { queue, context } = create()
      await inVirtualTime(async (time) => {
        const resolved = vi.fn()
        void core.dispatch(context(), queue, emitter()).then(resolved)
        await time.pass(5)

        expect(resolved).toHaveBeenCalledOnce()
      })
    })

    it('joins the queue when others wait', async () => {
      const { queue, context, trace } = create()
      const waiting = context()
      queue.queue.push(waiting)

      const ctx = context()
      expect(await core.dispatch(ctx, queue, emitter())).toBe(ctx)

      expect(trace.filter((name) => name.startsWith('flush'))).toEqual(['flush true', 'flush true'])
    })

    it('prints the logs when asked to', async () => {
      const { queue, context } = create()
      const table = vi.spyOn(console, 'table').mockImplementation(() => {})

      const ctx = await core.dispatch(context(), queue, emitter(), { debug: true })
      const printed = table.mock.calls.length
      table.mockRestore()

      expect(printed).toBeGreaterThanOrEqual(1)
      expect(ctx.logs()).toEqual([])
    })
  })
})
