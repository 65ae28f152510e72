import { describe, expect, it } from 'vitest'
import { readOutcome } from '../../src/delivery/outcome'
import { retryAfterMs } from '../../src/delivery/retry-after'
import { EventTooLargeError, encodeEvent, segmentStatusTable, utf8Length } from '../../src/internal'

const now = Date.UTC(2026, 0, 1)

describe('the status table', () => {
  const read = (status: number, retryAfter?: string) => {
    const header = (name: string) => (name === 'retry-after' ? retryAfter : undefined)
    return readOutcome(
      { status, statusText: 'Text', header },
      { statuses: segmentStatusTable, maxPauseMs: 300_000 },
      now,
    )
  }

  it.each([200, 201, 204, 299, 301, 304, 399])('takes %i as delivered', (status) => {
    expect(read(status)).toEqual({ type: 'delivered' })
  })

  it.each([400, 401, 403, 404, 405, 422, 451, 499, 501, 505, 511])('takes %i as final', (status) => {
    expect(read(status)).toEqual({
      type: 'rejected',
      reason: new Error(`[${status}] Text`),
      isTooLarge: false,
    })
  })

  it.each([408, 410, 429, 460, 500, 502, 503, 504, 508, 599])('tries %i again', (status) => {
    expect(read(status)).toMatchObject({
      type: 'retry',
      isLimited: false,
      reason: new Error(`[${status}] Text`),
    })
  })

  it.each([0, 100, 199, 600, 999, Number.NaN])('takes %d for no proper answer and tries again', (status) => {
    expect(read(status)).toMatchObject({ type: 'retry', isLimited: false })
  })

  it('says of 413 that smaller batches might pass', () => {
    expect(read(413)).toMatchObject({ type: 'rejected', isTooLarge: true })
  })

  it('does not count a 429 that says when to come back', () => {
    expect(read(429, '7')).toMatchObject({ type: 'retry', isLimited: true, quietsAll: true, afterMs: 7_000 })
    expect(read(429)).toMatchObject({ isLimited: false, quietsAll: true, afterMs: undefined })
  })

  it('counts every other failure, but waits as long as it says', () => {
    expect(read(503, '7')).toMatchObject({ isLimited: false, quietsAll: true, afterMs: 7_000 })
    expect(read(503)).toMatchObject({ isLimited: false, quietsAll: false, afterMs: undefined })
  })

  it('can be told otherwise for single statuses', () => {
    const table = { ...segmentStatusTable, overrides: { 404: 'retry', 500: 'drop' } } as const
    const header = () => undefined

    expect(
      readOutcome({ status: 404, statusText: '', header }, { statuses: table, maxPauseMs: 0 }, now).type,
    ).toBe('retry')
    expect(
      readOutcome({ status: 500, statusText: '', header }, { statuses: table, maxPauseMs: 0 }, now).type,
    ).toBe('rejected')
  })
})

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['1', 1_000],
    [' 120 ', 120_000],
    ['1.5', 1_500],
    ['301', 300_000],
    ['99999999999', 300_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Thu, 01 Jan 2026 00:30:00 GMT', 300_000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
  ])('%j means %d ms', (header, ms) => {
    expect(retryAfterMs(header, now, 300_000)).toBe(ms)
  })

  it.each([
    undefined,
    '',
    '  ',
    '-1',
    '1e3',
    'soon',
    'Infinity',
    'NaN',
    '12 apples',
    '0x10',
    'Thu, 99 Foo 2026',
  ])('%j says nothing', (header) => {
    expect(retryAfterMs(header, now, 300_000)).toBeUndefined()
  })
})

describe('the size of a text', () => {
  const samples = [
    '',
    'plain',
    'é',
    '€',
    '😀',
    'a😀é€z',
    '\ud83d',
    '\ude00\ud83d',
    '\ud83dx',
    'x'.repeat(5_000),
    '\u0000\u007f\u0080\u07ff\u0800\uffff',
  ]

  it.each(samples)('is that of its UTF-8 bytes: %j', (text) => {
    expect(utf8Length(text)).toBe(new TextEncoder().encode(text).byteLength)
  })
})

describe('encoding an event', () => {
  const encode = (event: object, limit = 32 * 1024) => encodeEvent(event, limit, utf8Length)

  it('gives its text and its true size', () => {
    expect(encode({ name: 'é' })).toEqual({ json: '{"name":"é"}', bytes: 13 })
  })

  it('accepts an event of exactly the limit and refuses one byte more', () => {
    const event = (letters: number) => ({ a: 'x'.repeat(letters) })

    expect(encode(event(92), 100)).toMatchObject({ bytes: 100 })
    expect(encode(event(93), 100)).toMatchObject({ error: { bytes: 101, limit: 100 } })
  })

  it('counts bytes, not letters', () => {
    expect(encode({ a: '€'.repeat(40) }, 100)).toMatchObject({ error: { bytes: 128 } })
  })

  it('names the limit in the words that programs look for', () => {
    const { error } = encode({ a: 'x'.repeat(40_000) }) as { error: EventTooLargeError }

    expect(error).toBeInstanceOf(EventTooLargeError)
    expect(error.message).toBe('Event exceeds maximum event size of 32 KB')
  })

  it('tells in one line why an event cannot be turned into JSON', () => {
    const cyclic: { self?: object } = {}
    cyclic.self = cyclic
    const throwing = {
      toJSON() {
        throw new Error('not today')
      },
    }
    const message = (event: object) => (encode(event) as { error: Error }).error.message

    expect(message({ big: 1n })).toBe(
      'Event cannot be turned into JSON: Do not know how to serialize a BigInt',
    )
    expect(message(cyclic)).toBe('Event cannot be turned into JSON: Converting circular structure to JSON')
    expect(message({ throwing })).toBe('Event cannot be turned into JSON: not today')
    expect(message({ toJSON: () => undefined })).toBe('Event cannot be turned into JSON: it is no object')
    expect(message({ toJSON: () => 'text' })).toBe('Event cannot be turned into JSON: it is no object')
  })
})
