// @vitest-environment node
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { gzip } from '../../src/http/gzip'

it('a compressed body is the body again when it is unpacked', async () => {
  const body = JSON.stringify({ event: 'Größe', padding: 'x'.repeat(10_000) })

  const small = await gzip(body)

  expect(small.byteLength).toBeLessThan(200)
  expect(gunzipSync(Buffer.from(small)).toString()).toBe(body)
})
