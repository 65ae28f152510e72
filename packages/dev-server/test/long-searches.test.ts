import type Libsql from 'libsql'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Envelope, prepareEvent } from '../src/events/prepare-event'
import { defaultLimits } from '../src/limits'
import { createCounters } from '../src/store/counters'
import { createEventSearch, SearchTooLong } from '../src/store/event-search'
import { createEventStore } from '../src/store/event-store'
import { openDatabase } from '../src/store/open-database'
import { createTurns } from '../src/store/turns'
import { fillStore } from './helpers/fill-store'
import { startDevServer, trackCall } from './helpers/start-dev-server'

const envelope: Envelope = {
  writeKey: 'dev',
  channel: 'server',
  receivedAt: 0,
  sentAt: undefined,
  ip: '127.0.0.1',
  type: undefined,
  context: undefined,
  integrations: undefined,
}

/** A store of events `m0`, `m1` …, and a search that notes what it asks of the database. */
function startSearch(count: number, longestMs = 60_000) {
  const database = openDatabase(undefined)
  onTestFinished(() => {
    database.close()
  })
  const events = createEventStore(database, createCounters(database))
  events.save([
    Array.from({ length: count }, (_, n) =>
      prepareEvent(trackCall({ messageId: `m${n}`, properties: { n } }), envelope, defaultLimits, () => ''),
    ),
  ])
  const prepare = vi.spyOn(database, 'prepare')
  const statements = Object.getPrototypeOf(database.prepare('select 1')) as Libsql.Statement<unknown[]>
  const all = vi.spyOn(statements, 'all')
  onTestFinished(() => all.mockRestore())
  return {
    search: createEventSearch(database, createTurns(), longestMs),
    rowsRead: () => all.mock.results.reduce((rows, { value }) => rows + (value as unknown[]).length, 0),
    /** How SQLite goes about what was asked. */
    plans: () =>
      prepare.mock.calls.slice().map(([sql]) => {
        const places = sql.match(/\?/g)?.map(() => 0) ?? []
        const steps = database.prepare(`explain query plan ${sql}`).all(...places) as { detail: string }[]
        return steps.map(({ detail }) => detail).join('; ')
      }),
  }
}

describe('a search of many events', () => {
  it('lets other requests be answered before its end', async () => {
    const server = await startDevServer()
    await fillStore(server, 20_000, (n) => ({ n }))
    const answered: string[] = []
    const ask = async (name: string, path: string) => {
      const { status } = await server.get(path)
      expect(status).toBe(200)
      answered.push(name)
    }

    const wanted = encodeURIComponent('{"currency":"USD"}')
    const searches = ['after=0&', ''].map((order) =>
      ask('search', `/api/events?${order}properties=${wanted}`),
    )
    await ask('health', '/health')
    await Promise.all(searches)

    expect(answered).toEqual(['health', 'search', 'search'])
  })

  it.each([
    { after: 0, properties: { currency: 'USD' } },
    { properties: { currency: 'USD' } },
    { after: 10, userId: 'u2' },
    { after: 10, event: 'Other', anonymousId: 'a' },
    { status: 'failed' as const, after: 10 },
    { messageId: 'm5' },
    { since: 5, writeKey: 'other' },
  ])('begins each page where the last one ended, never at the start: %j', async (filter) => {
    const { search, plans } = startSearch(300)

    expect(await search({ filter, limit: 1_000 })).toEqual(filter.messageId === undefined ? [] : [6])

    const used = plans()
    expect(used.filter((plan) => plan.includes('SCAN events'))).toEqual([])
    expect(used.join('\n')).toMatch(/(?:rowid|seq)>\? AND (?:rowid|seq)<\?|message_id=\?/)
  })

  it('stops where it has found enough', async () => {
    const { search, rowsRead } = startSearch(3_000)

    expect(await search({ filter: { after: 0, properties: {} }, limit: 2 })).toEqual([1, 2])
    expect(await search({ filter: { properties: {} }, limit: 2 })).toEqual([2_999, 3_000])
    expect(rowsRead()).toBeLessThan(300)
  })

  it('finds each event once, whatever the direction and however they lie', async () => {
    const { search } = startSearch(1_300)
    const all = Array.from({ length: 1_300 }, (_, index) => index + 1)

    expect(await search({ filter: { after: 0 }, limit: 5_000 })).toEqual(all)
    expect(await search({ filter: { properties: {} }, limit: 5_000 })).toEqual(all)
    expect(await search({ filter: { after: 0, properties: {} }, limit: 5_000, upTo: 700 })).toEqual(
      all.slice(0, 700),
    )
    expect(await search({ filter: { properties: { n: 64 } }, limit: 5_000 })).toEqual([65])
    expect(await search({ filter: {}, limit: 3 })).toEqual(all.slice(-3))
    expect(await search({ filter: { after: 1_298 }, limit: 3 })).toEqual([1_299, 1_300])
  })

  it('ends when its time is over, or its caller has gone', async () => {
    const gone = AbortSignal.abort()

    await expect(startSearch(10, -1).search({ filter: {}, limit: 1 })).rejects.toThrow(SearchTooLong)
    await expect(startSearch(10).search({ filter: {}, limit: 1, signal: gone })).rejects.toMatchObject({
      name: 'AbortError',
    })
  })
})

describe('a wait by properties that nearly every event has', () => {
  it('is answered with as many as were asked for', async () => {
    const server = await startDevServer()
    await fillStore(server, 3_000, (n) => ({ n }))

    const found = await server.client.waitFor({ properties: {} }, { count: 2 })

    expect(found.map(({ messageId }) => messageId)).toEqual(['m0', 'm1'])
  })
})
