import { beforeAll, describe, expect, it } from 'vitest'
import type { Fields } from '../src/library'
import type { Reply } from '../src/scripted-client'
import { type Started, startClient } from '../src/start-client'
import { nodeSubjects } from '../src/subjects'
import { inVirtualTime } from '../src/virtual-time'

const event: Fields = { userId: 'u', event: 'E' }

const delivered = [200, 201, 204, 299, 300, 301, 304, 399]
const dropped = [400, 401, 402, 403, 404, 405, 409, 413, 418, 422, 451, 499, 501, 505, 511]
const retried = [100, 199, 408, 410, 429, 460, 500, 502, 503, 504, 508, 599, 600, 999]

describe.each(nodeSubjects)('what $name makes of an answer', (subject) => {
  beforeAll(async () => {
    await subject.load()
  })

  /** Sends one event and lets time pass; the gaps are the times between two requests, in ms. */
  async function sendOne(
    options: { replies?: Reply[]; settings?: Fields },
    ms: number,
  ): Promise<Started & { gaps: number[]; retryCounts: (string | undefined)[] }> {
    const started = await startClient(subject, options)
    await started.analytics.ready
    await inVirtualTime(async (time) => {
      started.analytics.track(event)
      await time.pass(ms)
    })
    const { requests } = started.http
    return {
      ...started,
      gaps: requests.slice(1).map((request, i) => request.at - (requests[i]?.at ?? 0)),
      retryCounts: requests.map((request) => request.headers['X-Retry-Count']),
    }
  }

  it.each(delivered)('takes %i as delivered', async (status) => {
    const { http, log } = await sendOne({ replies: [status] }, 5_000)

    expect(http.requests).toHaveLength(1)
    expect(log.names().slice(-2)).toEqual(['track', 'drained'])
  })

  it.each(dropped)('gives up on %i at once', async (status) => {
    const { http, log } = await sendOne({ replies: [{ status, statusText: 'No' }] }, 5_000)

    expect(http.requests).toHaveLength(1)
    expect(log.errors().map(({ code, reason }) => ({ code, reason }))).toEqual([
      { code: 'delivery_failure', reason: new Error(`[${status}] No`) },
    ])
  })

  it.each(retried)('tries again after %i, one to two seconds later', async (status) => {
    const { http, log, gaps, retryCounts } = await sendOne({ replies: [status] }, 5_000)

    expect(http.requests).toHaveLength(2)
    expect(gaps[0]).toBeGreaterThanOrEqual(1_000)
    expect(gaps[0]).toBeLessThanOrEqual(2_010)
    expect(retryCounts).toEqual([undefined, '1'])
    expect(log.errors()).toEqual([])
    expect(log.names().slice(-2)).toEqual(['track', 'drained'])
  })

  it.each<{ title: string; reply: Reply; reason: unknown }>([
    { title: 'an answer without a status', reply: {}, reason: expect.any(Error) },
    { title: 'a failing client', reply: new TypeError('no network'), reason: new TypeError('no network') },
    { title: 'a 500', reply: { status: 500, statusText: 'Oh' }, reason: new Error('[500] Oh') },
    {
      title: 'a 429 without a word on when',
      reply: { status: 429, statusText: 'Slow' },
      reason: new Error('[429] Slow'),
    },
  ])('tries again after $title, and reports the last reason', async ({ reply, reason }) => {
    const { http, log } = await sendOne(
      { replies: [reply, reply, reply], settings: { maxRetries: 1 } },
      10_000,
    )

    expect(http.requests).toHaveLength(2)
    expect(log.errors().map(({ code, reason }) => ({ code, reason }))).toEqual([
      { code: 'delivery_failure', reason },
    ])
  })

  it('doubles the wait, with jitter, up to a minute', async () => {
    const { http, gaps, retryCounts, log } = await sendOne({ replies: Array(20).fill(500) }, 600_000)

    expect(http.requests).toHaveLength(11)
    const least = [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    for (const [i, seconds] of least.entries()) {
      expect(gaps[i]).toBeGreaterThanOrEqual(seconds * 1_000)
      expect(gaps[i]).toBeLessThanOrEqual(Math.min(seconds * 2, 60) * 1_000 + 10)
    }
    expect(retryCounts).toEqual([undefined, '1', '2', '3', '4', '5', '6', '7', '8', '9', '10'])
    expect(log.errors()).toHaveLength(1)
  })

  it.each([
    { maxRetries: 0, requests: 1 },
    { maxRetries: 2, requests: 3 },
  ])('makes $requests requests with maxRetries $maxRetries', async ({ maxRetries, requests }) => {
    const { http, log } = await sendOne({ replies: Array(9).fill(503), settings: { maxRetries } }, 60_000)

    expect(http.requests).toHaveLength(requests)
    expect(log.errors()).toHaveLength(1)
  })

  it('sends the same events each time, with a new sentAt', async () => {
    const { http } = await sendOne({ replies: [500, 500] }, 20_000)

    expect(http.requests).toHaveLength(3)
    expect(http.requests[1]?.batch).toEqual(http.requests[0]?.batch)
    expect(http.requests[2]?.batch).toEqual(http.requests[0]?.batch)
    expect(new Set(http.requests.map((request) => request.payload.sentAt)).size).toBe(3)
  })

  it('puts the retry count on a retry and nothing else that is new', async () => {
    const { http } = await sendOne({ replies: [500] }, 5_000)
    const [first, second] = http.requests

    expect(Object.keys(first?.headers ?? {}).sort()).toEqual(['Authorization', 'Content-Type', 'User-Agent'])
    expect(second?.headers).toEqual({ ...first?.headers, 'X-Retry-Count': '1' })
  })

  it('gives up when the retries have taken longer than maxTotalBackoffDuration', async () => {
    const { http, log } = await sendOne(
      { replies: Array(50).fill(500), settings: { maxTotalBackoffDuration: 20, maxRetries: 100 } },
      120_000,
    )

    const total = (http.requests.at(-1)?.at ?? 0) - (http.requests[0]?.at ?? 0)
    expect(total).toBeGreaterThan(20_000)
    expect(total).toBeLessThan(60_000)
    expect(log.errors().map(({ reason }) => reason)).toEqual([new Error('[500] Text 500')])
  })

  it('settles each batch on its own', async () => {
    const started = await startClient(subject, { replies: [404, 200] })
    await started.analytics.ready

    started.analytics.track({ ...event, messageId: 'first' })
    await started.log.seen('error')
    started.analytics.track({ ...event, messageId: 'second' })
    await started.log.seen('track')

    expect(started.log.names().filter((name) => name === 'error' || name === 'track')).toEqual([
      'error',
      'track',
    ])
  })

  describe('given a 429 with Retry-After', () => {
    it.each([
      { after: '3', least: 3_000 },
      { after: '0', least: 1_000 },
      { after: '30', least: 30_000 },
      { after: '10000', least: 300_000 },
    ])('waits $least ms for "$after"', async ({ after, least }) => {
      const { gaps, retryCounts, log } = await sendOne(
        { replies: [{ status: 429, headers: { 'Retry-After': after } }] },
        302_000,
      )

      expect(gaps).toHaveLength(1)
      expect(gaps[0]).toBeGreaterThanOrEqual(least)
      expect(gaps[0]).toBeLessThanOrEqual(least + 1_000)
      expect(retryCounts).toEqual([undefined, '1'])
      expect(log.errors()).toEqual([])
    })

    it('reads the header from a Headers object too', async () => {
      const { gaps } = await sendOne(
        { replies: [{ status: 429, headers: new Headers({ 'retry-after': '7' }) }] },
        20_000,
      )

      expect(gaps).toHaveLength(1)
      expect(gaps[0]).toBeGreaterThanOrEqual(7_000)
      expect(gaps[0]).toBeLessThanOrEqual(8_000)
    })

    it('does not count it as a retry', async () => {
      const limited: Reply = { status: 429, headers: { 'retry-after': '1' } }
      const { http, log } = await sendOne(
        { replies: [limited, limited, limited, 500, 200], settings: { maxRetries: 1 } },
        30_000,
      )

      expect(http.requests).toHaveLength(5)
      expect(log.errors()).toEqual([])
    })

    it.each(['soon', ''])('backs off as after any failure when the header says "%s"', async (after) => {
      const { gaps } = await sendOne({ replies: [{ status: 429, headers: { 'retry-after': after } }] }, 5_000)

      expect(gaps).toHaveLength(1)
      expect(gaps[0]).toBeGreaterThanOrEqual(1_000)
      expect(gaps[0]).toBeLessThanOrEqual(2_010)
    })

    it('gives up when the server says so over and over', async () => {
      const limited: Reply = { status: 429, headers: { 'retry-after': '1' } }
      const { http, log } = await sendOne(
        { replies: Array(60).fill(limited), settings: { maxRetries: 0 } },
        120_000,
      )

      expect(http.requests).toHaveLength(21)
      expect(http.requests.at(-1)?.headers['X-Retry-Count']).toBe('20')
      expect(log.errors().map(({ reason }) => reason)).toEqual([new Error('[429] Text 429')])
    })

    it('gives up when the limit lasts longer than maxRateLimitDuration', async () => {
      const limited: Reply = { status: 429, headers: { 'retry-after': '10' } }
      const { http, log } = await sendOne(
        { replies: Array(60).fill(limited), settings: { maxRateLimitDuration: 25 } },
        120_000,
      )

      expect(http.requests).toHaveLength(3)
      expect(log.errors().map(({ reason }) => reason)).toEqual([new Error('Rate limit duration exceeded')])
    })

    it('holds back all other batches too', async () => {
      const { analytics, http, log } = await startClient(subject, {
        replies: [{ status: 429, headers: { 'retry-after': '5' } }],
      })
      await analytics.ready
      await inVirtualTime(async (time) => {
        analytics.track(event)
        await time.pass(100)
        for (let i = 0; i < 4; i += 1) analytics.track(event)
        await time.pass(4_500)
        const early = http.requests.length
        await time.pass(3_000)

        expect(early).toBe(1)
        expect(http.events()).toHaveLength(1 + 5)
        expect(log.of('track')).toHaveLength(5)
      })
    })
  })

  it('says how often a batch was tried before, rate limits included', async () => {
    const { retryCounts } = await sendOne(
      { replies: [500, { status: 429, headers: { 'retry-after': '1' } }, 500] },
      30_000,
    )

    expect(retryCounts).toEqual([undefined, '1', '2', '3'])
  })
})
