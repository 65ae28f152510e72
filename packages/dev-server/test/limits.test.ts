import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { createRateLimit } from '../src/rate-limit'
import { batchOf, startDevServer, trackCall } from './helpers/start-dev-server'

const pad = (bytes: number) => 'x'.repeat(bytes)

/** JSON of a track call that is exactly so large. */
function callOf(bytes: number): string {
  const empty = JSON.stringify(trackCall({ properties: { pad: '' } }))
  return JSON.stringify(trackCall({ properties: { pad: pad(bytes - empty.length) } }))
}

describe('limits', () => {
  it('takes a call of 32 KB and refuses one a byte larger, saying what is too large', async () => {
    const { post, client } = await startDevServer()

    expect((await post('/v1/track', callOf(32_768))).status).toBe(200)
    const { status, body } = await post('/v1/track', callOf(32_769))

    expect(status).toBe(400)
    expect(body).toEqual({
      success: false,
      error: {
        code: 'body_too_large',
        message: 'The body is larger than 32768 bytes',
        where: 'body',
        limitBytes: 32_768,
        receivedBytes: 32_769,
      },
    })
    expect(await client.counts()).toMatchObject({ accepted: 1, refused: { tooLarge: 1 } })
  })

  it('takes a batch of 500 KB and refuses one a byte larger', async () => {
    const { post } = await startDevServer()
    const bare = JSON.stringify(batchOf(1, { pad: '' }))
    const batch = (bytes: number) => JSON.stringify(batchOf(1, { pad: pad(bytes - bare.length) }))

    expect((await post('/v1/batch', batch(512_000))).status).toBe(200)
    expect((await post('/v1/batch', batch(512_001))).body).toMatchObject({
      error: { code: 'body_too_large', limitBytes: 512_000 },
    })
  })

  it('answers a body far over the limit without keeping it, and goes on working', async () => {
    const { post } = await startDevServer()

    const flood = await post('/v1/track', pad(12_000_000))

    expect(flood.status).toBe(400)
    expect((await post('/v1/track', trackCall())).status).toBe(200)
  })

  it('fails an event over 32 KB inside a good batch, and takes the others', async () => {
    const { post, client } = await startDevServer()
    const batch = [callOf(32_768), callOf(32_769)].map((json) => JSON.parse(json) as unknown)

    expect((await post('/v1/batch', { writeKey: 'dev', batch: [...batch, trackCall()] })).status).toBe(200)

    expect(await client.counts()).toMatchObject({
      accepted: 2,
      failed: 1,
      failedByReason: { event_too_large: 1 },
    })
  })

  it('measures an event as it was sent, not with what the batch lays beneath it', async () => {
    const { post, client } = await startDevServer()

    await post('/v1/batch', {
      writeKey: 'dev',
      context: { pad: pad(5_000) },
      batch: [JSON.parse(callOf(32_000))],
    })

    expect(await client.counts()).toMatchObject({ accepted: 1, failed: 0 })
  })

  it('fails the events beyond the 2,500th of a batch', async () => {
    const { post, client } = await startDevServer()

    expect((await post('/v1/batch', batchOf(2_502))).status).toBe(200)

    expect(await client.counts()).toMatchObject({
      accepted: 2_500,
      failed: 2,
      failedByReason: { batch_too_many_events: 2 },
    })
    const failed = await client.events({ status: 'failed' })
    expect(failed.map((event) => event.messageId)).toEqual(['m2500', 'm2501'])
  })

  it('takes a message id of 100 characters and fails one of 101', async () => {
    const { post, client } = await startDevServer()

    await post('/v1/track', trackCall({ messageId: pad(100) }))
    await post('/v1/track', trackCall({ messageId: pad(101) }))

    expect(await client.counts()).toMatchObject({ accepted: 1, failedByReason: { message_id_too_long: 1 } })
  })

  it('may be others', async () => {
    const { post, client } = await startDevServer({
      limits: { batchEvents: 1, callBytes: 1_000_000, eventBytes: 1_000_000 },
    })

    await post('/v1/batch', batchOf(2))
    expect((await post('/v1/track', callOf(500_000))).status).toBe(200)

    expect(await client.counts()).toMatchObject({ accepted: 2, failed: 1 })
  })
})

describe('given a rate limit', () => {
  it('answers 429 that says when to come back, for each write key by itself', async () => {
    let time = 1_700_000_000_000
    const { post, client } = await startDevServer({
      anyKey: true,
      rateLimit: { requests: 2, perMs: 10_000 },
      now: () => time,
    })
    const send = (writeKey: string) => post('/v1/track', trackCall({ writeKey }))

    await send('a')
    time += 4_500
    await send('a')
    const limited = await send('a')

    expect(limited.status).toBe(429)
    expect(limited.headers.get('retry-after')).toBe('6')
    expect(limited.headers.get('x-ratelimit-reset')).toBe('1700000010')
    expect((await send('b')).status).toBe(200)
    time += 5_500
    expect((await send('a')).status).toBe(200)
    expect(await client.counts()).toMatchObject({ accepted: 4, refused: { rateLimit: 1 } })
  })
})

describe('the book of a rate limit', () => {
  it('forgets write keys whose window is over', () => {
    let time = 0
    const rateLimit = createRateLimit({ requests: 1, perMs: 1_000 }, () => time)
    const before = usedBytes()

    for (let number = 0; number < 200; number += 1) {
      time += 1_000
      rateLimit.take(Buffer.alloc(500_000, `${number} `).toString('latin1'))
    }

    expect(usedBytes() - before).toBeLessThan(20_000_000)
    rateLimit.take('a')
    expect(() => rateLimit.take('a')).toThrow('At most 1 requests')
  })
})

/** Memory in use once everything that can be freed is. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
