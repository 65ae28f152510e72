import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { startDevServer, trackCall } from './helpers/start-dev-server'

const json = Buffer.from(JSON.stringify(trackCall({ messageId: 'm1' })))

describe('compressed bodies', () => {
  it.each([
    { encoding: 'gzip', body: gzipSync(json) },
    { encoding: 'GZIP', body: gzipSync(json) },
    { encoding: 'deflate', body: deflateSync(json) },
    { encoding: 'deflate', body: deflateRawSync(json) },
    { encoding: 'br', body: brotliCompressSync(json) },
    { encoding: 'identity', body: json },
  ])('are read when they are $encoding', async ({ encoding, body }) => {
    const { post, client } = await startDevServer()

    expect((await post('/v1/track', body, { 'content-encoding': encoding })).status).toBe(200)

    expect(await client.event('m1')).toMatchObject({ event: 'Order Completed' })
    expect(await client.counts()).toMatchObject({ bytes: body.length })
  })

  it.each([
    {
      case: 'a bomb',
      body: gzipSync(Buffer.alloc(60_000_000)),
      encoding: 'gzip',
      status: 400,
      code: 'body_too_large',
    },
    {
      case: 'a brotli bomb',
      body: brotliCompressSync(Buffer.alloc(60_000_000)),
      encoding: 'br',
      status: 400,
      code: 'body_too_large',
    },
    {
      case: 'a body cut short',
      body: gzipSync(json).subarray(0, 20),
      encoding: 'gzip',
      status: 400,
      code: 'body_not_decodable',
    },
    {
      case: 'a body that is not gzip',
      body: json,
      encoding: 'gzip',
      status: 400,
      code: 'body_not_decodable',
    },
    { case: 'an unknown encoding', body: json, encoding: 'zstd', status: 415, code: 'encoding_unknown' },
    {
      case: 'an encoding named like a method',
      body: json,
      encoding: 'constructor',
      status: 415,
      code: 'encoding_unknown',
    },
    {
      case: 'bytes that are not UTF-8',
      body: Buffer.from([0x22, 0xff, 0xfe, 0x22]),
      encoding: 'identity',
      status: 400,
      code: 'body_not_utf8',
    },
  ])('are refused when it is $case', async ({ body, encoding, status, code }) => {
    const { post } = await startDevServer()

    const answer = await post('/v1/batch', body, { 'content-encoding': encoding })

    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ success: false, error: { code } })
  })
})
