import { describe, expect, it } from 'vitest'
import { ok, startDevServer, trackCall } from './helpers/start-dev-server'

const faulty = [
  { item: 5, failure: { reason: 'event_not_object' } },
  { item: null, failure: { reason: 'event_not_object' } },
  { item: [1], failure: { reason: 'event_not_object' } },
  { item: trackCall({ type: undefined }), failure: { reason: 'invalid_type', field: 'type' } },
  { item: trackCall({ type: 'Track' }), failure: { reason: 'invalid_type', field: 'type' } },
  { item: trackCall({ type: 'constructor' }), failure: { reason: 'invalid_type', field: 'type' } },
  { item: trackCall({ userId: undefined }), failure: { reason: 'no_user_anon_id' } },
  { item: trackCall({ userId: '', anonymousId: null }), failure: { reason: 'no_user_anon_id' } },
  { item: trackCall({ userId: { id: 1 } }), failure: { reason: 'field_not_string', field: 'userId' } },
  { item: trackCall({ anonymousId: true }), failure: { reason: 'field_not_string', field: 'anonymousId' } },
  { item: trackCall({ event: undefined }), failure: { reason: 'event_name_missing', field: 'event' } },
  { item: trackCall({ event: '' }), failure: { reason: 'event_name_missing', field: 'event' } },
  { item: trackCall({ event: 7 }), failure: { reason: 'field_not_string', field: 'event' } },
  { item: trackCall({ messageId: 7 }), failure: { reason: 'field_not_string', field: 'messageId' } },
  { item: trackCall({ properties: [] }), failure: { reason: 'field_not_object', field: 'properties' } },
  { item: trackCall({ context: 'x' }), failure: { reason: 'field_not_object', field: 'context' } },
  { item: trackCall({ integrations: true }), failure: { reason: 'field_not_object', field: 'integrations' } },
  {
    item: trackCall({ timestamp: 'yesterday' }),
    failure: { reason: 'invalid_timestamp', field: 'timestamp' },
  },
  {
    item: trackCall({ timestamp: 1_700_000_000 }),
    failure: { reason: 'invalid_timestamp', field: 'timestamp' },
  },
  {
    item: { type: 'identify', userId: 'u', traits: 'x' },
    failure: { reason: 'field_not_object', field: 'traits' },
  },
  { item: { type: 'page', userId: 'u', name: 5 }, failure: { reason: 'field_not_string', field: 'name' } },
  { item: { type: 'group', userId: 'u' }, failure: { reason: 'group_id_missing', field: 'groupId' } },
  { item: { type: 'alias', userId: 'u' }, failure: { reason: 'previous_id_missing', field: 'previousId' } },
]

describe('a faulty event inside a good batch', () => {
  it.each(faulty)(
    'fails with $failure.reason, is kept as it was sent, and harms no other: $item',
    async ({ item, failure }) => {
      const { post, client } = await startDevServer()

      const { status, body } = await post('/v1/batch', { writeKey: 'dev', batch: [item, trackCall()] })

      expect({ status, body }).toEqual({ status: 200, body: ok })
      expect(await client.events()).toHaveLength(1)
      const [failed] = await client.events({ status: 'failed' })
      expect(failed).toMatchObject({ status: 'failed', failure: { ...failure, message: expect.any(String) } })
      expect(failed?.payload).toEqual(JSON.parse(JSON.stringify(item)))
      expect(await client.counts()).toMatchObject({
        accepted: 1,
        failed: 1,
        failedByReason: { [failure.reason]: 1 },
      })
    },
  )

  it('fails when it is nested deeper than can be written again', async () => {
    const { post, client } = await startDevServer({ limits: { callBytes: 1_000_000, eventBytes: 1_000_000 } })
    const depth = 200_000
    const nested = `{"userId":"u","event":"e","properties":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`

    const { status } = await post('/v1/track?writeKey=dev', nested)

    expect(status).toBe(200)
    expect(await client.counts()).toMatchObject({ accepted: 0, failedByReason: { nested_too_deep: 1 } })
    expect(await client.events({ status: 'failed' })).toMatchObject([{ event: 'e', payload: null }])
  })

  it('may be sent again once it is mended', async () => {
    const { post, client } = await startDevServer()

    await post('/v1/track', trackCall({ messageId: 'm1', event: '' }))
    await post('/v1/track', trackCall({ messageId: 'm1' }))

    expect(await client.event('m1')).toMatchObject({ status: 'accepted' })
    expect(await client.counts()).toMatchObject({ accepted: 1, failed: 1, duplicates: 0 })
  })
})

describe('values that senders use for "unknown"', () => {
  it.each([
    { anonymousId: null },
    { userId: null, anonymousId: 'a1' },
    { userId: 12 },
    { messageId: '' },
    { messageId: null },
    { properties: null },
    { timestamp: null },
    { timestamp: '2026-01-01' },
  ])('are no fault: %o', async (fields) => {
    const { post, client } = await startDevServer()

    await post('/v1/track', trackCall(fields))

    expect(await client.counts()).toMatchObject({ accepted: 1, failed: 0 })
  })
})

describe('strict mode', () => {
  it.each([
    { by: 'option', options: { strict: true }, headers: {} },
    { by: 'header', options: {}, headers: { 'x-strict-mode': '1' } },
  ])('by $by answers 400 with the list of faulty events and accepts none', async ({ options, headers }) => {
    const { post, client } = await startDevServer(options)
    const batch = [
      trackCall({ messageId: 'm0' }),
      trackCall({ messageId: 'm1', event: '' }),
      { type: 'x', messageId: 'm2' },
    ]

    const { status, body } = await post('/v1/batch', { writeKey: 'dev', batch }, headers)

    expect(status).toBe(400)
    expect(body).toEqual({
      success: false,
      error: {
        code: 'invalid_events',
        message: '2 of 3 events are faulty; in strict mode none was accepted',
        events: [
          {
            index: 1,
            messageId: 'm1',
            reason: 'event_name_missing',
            field: 'event',
            message: expect.any(String),
          },
          { index: 2, messageId: 'm2', reason: 'invalid_type', field: 'type', message: expect.any(String) },
        ],
      },
    })
    expect(await client.counts()).toMatchObject({ accepted: 0, failed: 2, refused: { strict: 1 } })
  })

  it('answers 200 when nothing is faulty', async () => {
    const { post } = await startDevServer({ strict: true })

    expect((await post('/v1/track', trackCall())).body).toEqual(ok)
  })
})
