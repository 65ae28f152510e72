import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Fields } from '../src/library'
import type { Reply } from '../src/scripted-client'
import { startClient } from '../src/start-client'
import { nodeSubjects } from '../src/subjects'
import { inVirtualTime } from '../src/virtual-time'

const event: Fields = { userId: 'u', event: 'E' }

/** An answer that waits until the test lets it go. */
function heldReply(): { reply: Reply; release(): void } {
  let release: () => void = () => {}
  const held = new Promise<number>((resolve) => {
    release = () => resolve(200)
  })
  return { reply: () => held, release: () => release() }
}

describe.each(nodeSubjects)('flush and close of $name', (subject) => {
  beforeAll(async () => {
    await subject.load()
  })

  it('sends what waits and resolves once it has arrived', async () => {
    const { analytics, http, log } = await startClient(subject, { settings: { flushAt: 20 } })
    for (let i = 0; i < 3; i += 1) analytics.track(event)

    const started = performance.now()
    expect(await analytics.flush()).toBeUndefined()

    // Long before the flush interval, also on a busy machine.
    expect(performance.now() - started).toBeLessThan(8_000)
    expect(http.requests.map((request) => request.batch.length)).toEqual([3])
    expect(log.of('track')).toHaveLength(3)
    expect(log.of('drained')).toHaveLength(1)
  })

  it('does nothing when nothing waits', async () => {
    const { analytics, http, log } = await startClient(subject)
    await analytics.ready
    log.clear()

    await analytics.flush()
    await analytics.closeAndFlush()

    expect(http.requests).toHaveLength(0)
    expect(log.names()).toEqual([])
  })

  it('goes on after a flush', async () => {
    const { analytics, http } = await startClient(subject, { settings: { flushAt: 20 } })

    analytics.track(event)
    await analytics.flush()
    analytics.track(event)
    await analytics.flush()

    expect(http.requests.map((request) => request.batch.length)).toEqual([1, 1])
  })

  it.each([
    { title: 'closeAndFlush()', close: 'closeAndFlush' as const },
    { title: 'flush({ close: true })', close: 'flush' as const },
  ])(
    '$title delivers what waits, takes no more from that moment on, and emits drained once',
    async ({ close }) => {
      const { analytics, http, log } = await startClient(subject, { settings: { flushAt: 20 } })
      analytics.track(event)

      const closed = close === 'flush' ? analytics.flush({ close: true }) : analytics.closeAndFlush()
      analytics.track({ ...event, event: 'Late' })
      await closed

      expect(http.events().map((sent) => sent.event)).toEqual(['E'])
      expect(log.of('call_after_close')).toHaveLength(1)
      expect(log.of('drained')).toHaveLength(1)
    },
  )

  it('can be closed twice', async () => {
    const { analytics, http, log } = await startClient(subject)
    analytics.track(event)

    await analytics.closeAndFlush()
    await analytics.closeAndFlush()

    expect(http.requests).toHaveLength(1)
    expect(log.of('drained')).toHaveLength(1)
  })

  it('closes at once when idle', async () => {
    const { analytics } = await startClient(subject)
    await analytics.ready
    const started = performance.now()

    await analytics.closeAndFlush()

    // Long before the flush interval, also on a busy machine.
    expect(performance.now() - started).toBeLessThan(8_000)
  })

  it('waits for the answer of the server', async () => {
    const held = heldReply()
    const { analytics, http } = await startClient(subject, { replies: [held.reply] })
    const resolved = vi.fn()
    analytics.track(event)

    const flushed = analytics.flush().then(resolved)
    await http.reached(1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    const early = resolved.mock.calls.length
    held.release()
    await flushed

    expect(early).toBe(0)
    expect(resolved).toHaveBeenCalledOnce()
  })

  it('waits for the callbacks, and for what they return', async () => {
    const { analytics } = await startClient(subject)
    const done = vi.fn()
    analytics.track(event, async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      done()
    })

    await analytics.closeAndFlush()

    expect(done).toHaveBeenCalledOnce()
  })

  it('waits for events that plugins still hold', async () => {
    const { analytics, http } = await startClient(subject, { settings: { flushAt: 20 } })
    await analytics.register({
      name: 'slow',
      type: 'enrichment',
      isLoaded: () => true,
      load: async () => {},
      track: async (ctx) => {
        await new Promise((resolve) => setTimeout(resolve, 30))
        return ctx
      },
    })
    analytics.track(event)
    analytics.track(event)

    await analytics.flush()

    expect(http.events()).toHaveLength(2)
  })

  it('resolves after the timeout when the server never answers', async () => {
    const { analytics, log } = await startClient(subject, { replies: ['hang'] })
    analytics.track(event)
    const started = performance.now()

    expect(await analytics.closeAndFlush({ timeout: 100 })).toBeUndefined()

    expect(performance.now() - started).toBeGreaterThanOrEqual(95)
    // The time limit of a request is longer.
    expect(performance.now() - started).toBeLessThan(9_000)
    expect(log.of('track')).toHaveLength(0)
  })

  it('takes a timeout of 0 for as long as it takes', async () => {
    const held = heldReply()
    const { analytics, http, log } = await startClient(subject, { replies: [held.reply] })
    analytics.track(event)

    const flushed = analytics.flush({ timeout: 0 })
    await http.reached(1)
    held.release()
    await flushed

    expect(log.of('track')).toHaveLength(1)
  })

  it('fails what waits for a retry when the timeout is over', async () => {
    const { analytics, http, log } = await startClient(subject, { replies: [500] })
    analytics.track(event)
    await http.reached(1)

    await analytics.closeAndFlush({ timeout: 50 })
    await log.seen('error')

    expect(log.errors()).toHaveLength(1)
    expect(log.errors()[0]?.code).toBe('delivery_failure')
    expect(log.errors()[0]?.reason).toEqual(new Error('Flush timeout'))
    expect(http.requests).toHaveLength(1)
  })

  it('warns once for each flush during a flush', async () => {
    const held = heldReply()
    const { analytics, http } = await startClient(subject, { replies: [held.reply] })
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    analytics.track(event)

    const flushes = [analytics.flush(), analytics.flush(), analytics.flush()]
    await http.reached(1)
    held.release()
    await Promise.all(flushes)
    const said = warn.mock.calls.map((args) => args.join(' '))
    warn.mockRestore()

    expect(said).toHaveLength(2)
    for (const line of said) expect(line).toContain('Overlapping flush calls detected')
  })

  it('sends a batch when it is full, and the rest when time is up', async () => {
    const { analytics, http } = await startClient(subject, { settings: { flushAt: 2, flushInterval: 50 } })

    for (let i = 0; i < 5; i += 1) analytics.track({ ...event, properties: { i } })
    await http.reached(3)

    expect(http.requests.map((request) => request.batch.length)).toEqual([2, 2, 1])
    expect(http.events().map((sent) => (sent.properties as Fields).i)).toEqual([0, 1, 2, 3, 4])
  })

  it.each([
    { title: 'flushAt', settings: { flushAt: 3, maxEventsInBatch: 5 }, size: 3 },
    {
      title: 'maxEventsInBatch, the old name',
      settings: { flushAt: undefined, maxEventsInBatch: 4 },
      size: 4,
    },
    { title: '15, when nothing is said', settings: { flushAt: undefined }, size: 15 },
  ])('fills batches up to $title', async ({ settings, size }) => {
    const { analytics, http } = await startClient(subject, { settings })

    for (let i = 0; i < size; i += 1) analytics.track(event)
    await http.reached(1)

    expect(http.requests[0]?.batch).toHaveLength(size)
  })

  describe('given a clock', () => {
    it('waits ten seconds for a batch to fill, from its first event', async () => {
      const { analytics, http } = await startClient(subject, { settings: { flushAt: 20 } })
      await analytics.ready
      await inVirtualTime(async (time) => {
        analytics.track(event)
        await time.pass(6_000)
        analytics.track(event)
        await time.pass(3_900)
        const early = http.requests.length
        await time.pass(200)

        expect(early).toBe(0)
        expect(http.requests.map((request) => request.batch.length)).toEqual([2])
      })
    })

    it.each([
      { settings: {}, waited: 75_000 },
      { settings: { flushInterval: 1_000 }, waited: 75_000 },
      { settings: { flushInterval: 120_000 }, waited: 150_000 },
    ])('gives up closing after $waited ms with $settings', async ({ settings, waited }) => {
      const { analytics } = await startClient(subject, { replies: Array(99).fill('hang'), settings })
      await analytics.ready
      await inVirtualTime(async (time) => {
        const resolved = vi.fn()
        analytics.track(event)
        void analytics.closeAndFlush().then(resolved)
        await time.pass(waited - 100)
        const early = resolved.mock.calls.length
        await time.pass(200)

        expect(early).toBe(0)
        expect(resolved).toHaveBeenCalledOnce()
      })
    })
  })
})
