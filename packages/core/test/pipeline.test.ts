import { createFakeClock, settled } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import type { CorePlugin, PluginHook } from '../src'
import { ContextCancelation } from '../src'
import { Pipeline } from '../src/internal'
import { client, createContext, createPlugin, type TestContext } from './support/start-queue'

type Hook = PluginHook<TestContext>

/** Takes events again after a second, then after two…, so many times. */
class RetryingPipeline extends Pipeline<TestContext, CorePlugin<TestContext>> {
  maxRetries = 2

  protected override retryDelayMs(ctx: TestContext): number | undefined {
    return ctx.attempts <= this.maxRetries ? ctx.attempts * 1_000 : undefined
  }
}

class PlainPipeline extends Pipeline<TestContext, CorePlugin<TestContext>> {}

const failing: Hook = () => {
  throw new Error('mine')
}

/** Fails so many times, then passes. */
function failingTimes(times: number): Hook {
  let calls = 0
  return (ctx) => {
    calls++
    if (calls <= times) throw new Error(`failure ${calls}`)
    return ctx
  }
}

async function startPipeline(
  plugins: CorePlugin<TestContext>[],
  kind: typeof RetryingPipeline | typeof PlainPipeline = RetryingPipeline,
) {
  const clock = createFakeClock()
  const pipeline = new kind({ clock })
  const trace: string[] = []
  const note = (line: string) => trace.push(`${clock.now() - begin} ms: ${line}`)
  const begin = clock.now()
  pipeline.on('delivery_retry', ({ attempts }) => note(`retry, attempt ${attempts}`))
  pipeline.on('delivery_failure', () => note('failure'))
  pipeline.on('delivery_success', () => note('success'))
  for (const plugin of plugins) void pipeline.register(createContext(), plugin, client)
  await settled()

  const ends: TestContext[] = []
  const process = (ctx: TestContext) => pipeline.process(ctx, (ended) => ends.push(ended))
  return { pipeline, clock, trace, process, ends }
}

describe('an event that fails', () => {
  it('is taken again after the time that the pipeline says, until it is delivered', async () => {
    const { clock, trace, process, ends } = await startPipeline([
      createPlugin('before', 'b', failingTimes(2)),
    ])
    const ctx = createContext()
    process(ctx)
    await clock.advance(2_999)
    expect(ends).toEqual([])

    await clock.advance(1)

    expect(trace).toEqual([
      '0 ms: failure',
      '1000 ms: retry, attempt 2',
      '1000 ms: failure',
      '3000 ms: retry, attempt 3',
      '3000 ms: success',
    ])
    expect(ends).toEqual([ctx])
    expect(ctx.failedDelivery()).toBeUndefined()
  })

  it('has failed when the pipeline gives it up', async () => {
    const { clock, trace, process, ends } = await startPipeline([createPlugin('before', 'b', failing)])
    const ctx = createContext()
    process(ctx)
    await clock.advance(3_000)

    expect(ends).toEqual([ctx])
    expect(ctx.attempts).toBe(3)
    expect(ctx.failedDelivery()).toEqual({ reason: new Error('mine') })
    expect(trace.filter((line) => line.endsWith('failure'))).toHaveLength(3)
    expect(clock.timers).toBe(0)
  })

  it('has failed at once in a pipeline that says nothing of retries', async () => {
    const { clock, process, ends } = await startPipeline(
      [createPlugin('before', 'b', failing)],
      PlainPipeline,
    )
    const ctx = createContext()
    process(ctx)

    expect(ends).toEqual([ctx])
    expect(ctx.failedDelivery()).toEqual({ reason: new Error('mine') })
    expect(clock.timers).toBe(0)
  })

  it('begins again as it was given, whatever context a plugin put in its place', async () => {
    const seen: (string | undefined)[] = []
    const { clock, trace, process, ends } = await startPipeline([
      createPlugin('before', 'replaces', ({ event }) => {
        seen.push(event.event)
        return createContext({ event: 'Other' })
      }),
      createPlugin('before', 'b', failingTimes(1)),
    ])
    process(createContext({ event: 'Mine' }))
    await clock.advance(1_000)

    expect(seen).toEqual(['Mine', 'Mine'])
    expect(trace).toContain('1000 ms: retry, attempt 2')
    expect(ends.map(({ event }) => event.event)).toEqual(['Other'])
  })

  it('lets others pass while it waits', async () => {
    const { process, ends } = await startPipeline([createPlugin('before', 'b', failingTimes(1))])
    const [first, second] = [createContext(), createContext()]
    process(first)
    process(second)

    expect(ends).toEqual([second])
  })

  it('counts its attempts from the beginning when it is given to the pipeline again', async () => {
    const { clock, process, ends } = await startPipeline([createPlugin('before', 'b', failing)])
    const ctx = createContext()
    process(ctx)
    await clock.advance(3_000)
    process(ctx)
    await clock.advance(3_000)

    expect(ends).toEqual([ctx, ctx])
    expect(ctx.attempts).toBe(3)
  })
})

describe('an event with which a plugin hangs', () => {
  it('holds those behind it for a second, and not at all when it is tried again', async () => {
    const clock = createFakeClock()
    const pipeline = new RetryingPipeline({ clock, pluginTimeout: 5_000 })
    const hang = createPlugin('before', 'b', (ctx) =>
      ctx.event.event === 'Bad' ? new Promise<never>(() => {}) : ctx,
    )
    await pipeline.register(createContext(), hang, client)
    const begin = clock.now()
    const ends: string[] = []
    const process = (event: string) =>
      pipeline.process(createContext({ event }), () => ends.push(`${event} at ${clock.now() - begin}`))
    process('Bad')
    process('First')
    await clock.advance(1_000)
    process('Second')
    await clock.advance(5_500)
    process('Third')

    expect(ends).toEqual(['First at 1000', 'Second at 1000', 'Third at 6500'])
    await clock.advance(60_000)
    expect(ends.at(-1)).toBe('Bad at 18000')
    expect(clock.timers).toBe(0)
  })

  it('that waits for another is overtaken by it', async () => {
    const clock = createFakeClock()
    const pipeline = new RetryingPipeline({ clock })
    const ends: string[] = []
    const process = (event: string) =>
      new Promise<void>((resolve) => {
        pipeline.process(createContext({ event }), () => {
          ends.push(event)
          resolve()
        })
      })
    const waiting = createPlugin('before', 'b', async (ctx) => {
      if (ctx.event.event === 'Outer') await process('Inner')
      return ctx
    })
    await pipeline.register(createContext(), waiting, client)
    void process('Outer')
    await clock.advance(1_000)

    expect(ends).toEqual(['Inner', 'Outer'])
  })
})

describe('an event that a plugin drops', () => {
  it.each<[string, Hook]>([
    ['answering null', () => null],
    ['saying that it must not be retried', (ctx) => ctx.cancel(new ContextCancelation({ retry: false }))],
  ])('%s, is not taken again', async (_, hook) => {
    const { clock, process, ends } = await startPipeline([createPlugin('before', 'b', hook)])
    process(createContext())

    expect(ends.map((ctx) => ctx.failedDelivery()?.reason)).toMatchObject([{ by: 'b', retry: false }])
    expect(clock.timers).toBe(0)
  })

  it('has ended though the plugin has frozen what it throws', async () => {
    const reason = Object.freeze(new ContextCancelation({ retry: false }))
    const { process, ends } = await startPipeline([
      createPlugin('before', 'b', () => {
        throw reason
      }),
    ])
    process(createContext())

    expect(ends.map((ctx) => ctx.failedDelivery())).toEqual([{ reason }])
  })

  it('is taken again if the plugin says no more than that', async () => {
    const { clock, trace, process } = await startPipeline([
      createPlugin('before', 'b', (ctx) => ctx.cancel()),
    ])
    process(createContext())
    await clock.advance(1_000)

    expect(trace).toContain('1000 ms: retry, attempt 2')
  })
})
