import { describe, expect, it } from 'vitest'
import { readIsoDateMs } from '../src/events/iso-date'
import { startDevServer, trackCall } from './helpers/start-dev-server'

describe('a date in ISO 8601', () => {
  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2024-02-29T10:00Z', '2024-02-29T10:00:00.000Z'],
    ['2026-01-31T10:00:05Z', '2026-01-31T10:00:05.000Z'],
    ['2026-01-31T10:00:05.123456789Z', '2026-01-31T10:00:05.123Z'],
    ['2026-01-31T10:00:05,5+02:00', '2026-01-31T08:00:05.500Z'],
    ['2026-01-31T10:00:05-0330', '2026-01-31T13:30:05.000Z'],
    ['2026-01-31T10:00+02', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31T24:00:00Z', '2026-02-01T00:00:00.000Z'],
    ['+275760-09-13T00:00:00.000Z', '+275760-09-13T00:00:00.000Z'],
    ['-000400-02-29', '-000400-02-29T00:00:00.000Z'],
  ])('is read: %s', (text, is) => {
    expect(new Date(readIsoDateMs(text) ?? Number.NaN).toISOString()).toBe(is)
  })

  it.each([
    'banana 1',
    'Order 66',
    '12',
    'x 5',
    "' or '1'='1",
    '2026-02-30',
    '2026-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-13-01T00:00:00.000Z',
    '2026-00-10T00:00:00.000Z',
    '2026-01-00T00:00:00.000Z',
    '2026-02-30T00:00:00.000Z',
    '2026-01-01T25:00:00.000Z',
    '2026-00-10',
    '2026-01-00',
    '2026-01-01T25:00Z',
    '2026-01-01T24:01Z',
    '2026-01-01T10:60Z',
    '2026-01-01T10:00.5Z',
    '2026-01-01T10:00:00+99:00',
    '2026-01-01 10:00:00',
    'Thu, 01 Jan 2026 00:00:00 GMT',
    '2026-01-01T10:00:00Z\n',
    '-000000-01-01',
    '+275760-09-14',
    '',
    12,
    null,
  ])('is not: %j', (value) => {
    expect(readIsoDateMs(value)).toBeUndefined()
  })

  it.each(['banana 1', 'Order 66', '12', '2026-02-30'])(
    'is the only thing taken for one, in an event and in a filter: %s',
    async (text) => {
      const { post, get } = await startDevServer({ strict: true })
      const other = text.includes('-') || text.includes(' ')

      expect(await post('/v1/track', trackCall({ timestamp: text }))).toMatchObject({
        status: 400,
        body: { error: { events: [{ reason: 'invalid_timestamp', field: 'timestamp' }] } },
      })
      // A plain number is a time in ms.
      expect((await get(`/api/events?since=${encodeURIComponent(text)}`)).status).toBe(other ? 400 : 200)
    },
  )

  it('does not date an event by an originalTimestamp or sentAt that is not one', async () => {
    const { post, client } = await startDevServer({ now: () => 1_000_000 })

    await post('/v1/track', trackCall({ originalTimestamp: 'Order 66', sentAt: 'x 5' }))

    const [event] = await client.events()
    expect(event?.payload).toMatchObject({ originalTimestamp: '1970-01-01T00:16:40.000Z' })
    expect(event?.payload.sentAt).not.toMatch(/^20/)
  })
})
