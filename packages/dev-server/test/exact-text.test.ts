import { describe, expect, it } from 'vitest'
import { originalText, storableText } from '../src/store/storable-text'
import { startDevServer, trackCall } from './helpers/start-dev-server'

// The texts of each row look alike once they are escaped carelessly.
const alike = [
  ['q\u0000a', 'q\\u0000a', 'q\\\\u0000a', 'q'],
  ['\ud800x', '\\ud800x', '\ud801x', '\ufffdx'],
  ['a\\b', 'a\\\\b', 'a/b', 'a\bb'],
]

describe('texts that look alike', () => {
  it.each(alike)('are different message ids: %j %j %j %j', async (...ids) => {
    const { post, client, get } = await startDevServer()

    for (const messageId of ids) await post('/v1/track', trackCall({ messageId }))

    expect(await client.counts()).toMatchObject({ accepted: ids.length, duplicates: 0 })
    const events = await client.events()
    expect(events.map(({ messageId }) => messageId)).toEqual(ids)
    expect(events.map(({ payload }) => payload.messageId)).toEqual(ids)
    for (const messageId of ids) {
      expect(await client.waitFor({ messageId }, { timeoutMs: 0 })).toMatchObject([{ messageId }])
    }
    const plain = ids.filter(isWellFormed)
    for (const messageId of plain) {
      expect((await get(`/api/events/${encodeURIComponent(messageId)}`)).body).toMatchObject({ messageId })
    }
  })

  it.each(alike)('are different write keys, names and people: %j %j %j %j', async (...texts) => {
    const { post, client } = await startDevServer({ anyKey: true })

    for (const text of texts) {
      const fields = { messageId: 'm1', writeKey: text, event: text, userId: text, anonymousId: text }
      await post('/v1/track', trackCall(fields))
    }

    expect(await client.counts()).toMatchObject({ accepted: texts.length, duplicates: 0 })
    for (const text of texts) {
      for (const field of ['writeKey', 'event', 'userId', 'anonymousId'] as const) {
        expect(await client.waitFor({ [field]: text }, { timeoutMs: 0 })).toMatchObject([{ [field]: text }])
      }
    }
  })

  it('come back from a column as they were', () => {
    const parts = ['\\', '\0', 'u0000', '\ud800', '\udc00', 'a', '\\u', '😀', '"', '\n']
    for (const one of parts) {
      for (const two of parts) {
        for (const three of parts) {
          const text = one + two + three
          expect(originalText(storableText(text))).toBe(text)
          expect(isWellFormed(storableText(text)) && !storableText(text).includes('\0')).toBe(true)
        }
      }
    }
  })
})

function isWellFormed(text: string): boolean {
  return Buffer.from(text).toString() === text
}
