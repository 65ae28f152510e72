import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apiBase } from '../../src/http/endpoint'
import { batchBody, singleEventBody } from '../../src/http/event-body'
import { createKeepaliveBudget } from '../../src/http/keepalive-budget'

describe('the base of the Tracking API', () => {
  it.each([
    [{}, 'https://api.segment.io/v1'],
    [{ apiHost: 'events.example/v1' }, 'https://events.example/v1'],
    [{ apiHost: '127.0.0.1:4777/v1', protocol: 'http' }, 'http://127.0.0.1:4777/v1'],
    [{ apiHost: 'https://events.example/v1/' }, 'https://events.example/v1'],
    [{ apiHost: 'HTTP://events.example', protocol: 'https' }, 'HTTP://events.example'],
    [{ apiHost: 'httpbin.example' }, 'https://httpbin.example'],
  ] as const)('of %j is %s', (settings, url) => {
    expect(apiBase(settings)).toBe(url)
  })
})

describe('a request body', () => {
  const sentAt = new Date(0)

  it('of one event is the event, with the time of sending', () => {
    expect(singleEventBody('{"event":"a"}', sentAt)).toBe('{"event":"a","sentAt":"1970-01-01T00:00:00.000Z"}')
  })

  const eventOf = fc.dictionary(fc.string(), fc.jsonValue()).map((fields) => ({ ...fields, type: 'track' }))

  it('says what a body made the long way says, whatever the events hold', () => {
    fc.assert(
      fc.property(fc.array(eventOf), fc.string(), (events, writeKey) => {
        const jsons = events.map((event) => JSON.stringify(event))
        const plain: unknown = JSON.parse(JSON.stringify({ writeKey, batch: events, sentAt }))

        expect(JSON.parse(batchBody(jsons, writeKey, sentAt))).toEqual(plain)
        for (const json of jsons) {
          expect(JSON.parse(singleEventBody(json, sentAt))).toEqual({
            ...(JSON.parse(json) as object),
            sentAt: sentAt.toISOString(),
          })
        }
      }),
    )
  })
})

describe('the budget of requests that outlive the page', () => {
  it('gives what is left and no more', () => {
    const budget = createKeepaliveBudget(100)

    expect([budget.take(60), budget.take(41), budget.take(40), budget.take(1)]).toEqual([
      true,
      false,
      true,
      false,
    ])
    budget.give(60)
    expect([budget.take(61), budget.take(60)]).toEqual([false, true])
  })

  it('stays below what browsers allow', () => {
    expect([64 * 1024, 54 * 1024].map((bytes) => createKeepaliveBudget().take(bytes))).toEqual([false, true])
  })
})
