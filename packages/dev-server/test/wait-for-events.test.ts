import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Envelope, prepareEvent } from '../src/events/prepare-event'
import { createArrivals } from '../src/feed/arrivals'
import { waitForEvents } from '../src/feed/wait-for-events'
import { defaultLimits } from '../src/limits'
import { openStore } from '../src/store/open-store'
import { payloadOf } from '../src/store/stored-event'
import { trackCall } from './helpers/start-dev-server'

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

function startWaiting(count: number, timeoutMs: number) {
  const store = openStore(undefined)
  onTestFinished(() => store.close())
  const arrivals = createArrivals()
  const leaving = new AbortController()
  const receive = (messageId: string, event = 'A') => {
    const prepared = prepareEvent(trackCall({ messageId, event }), envelope, defaultLimits, () => 'made')
    const [outcome] = store.events.save([[prepared]])
    arrivals.tell({
      kind: 'batch',
      route: 'track',
      writeKey: 'dev',
      channel: 'server',
      receivedAt: 0,
      bytes: 0,
      duplicates: outcome?.duplicates ?? 0,
      events: outcome?.stored ?? [],
    })
  }
  const search = vi.spyOn(store, 'search')
  const latest = vi.spyOn(store.events, 'latest')
  return {
    receive,
    store,
    looks: () => ({ searches: search.mock.calls.length, forTheClosest: latest.mock.calls.length }),
    leave: () => leaving.abort(),
    async reset() {
      await store.reset()
      arrivals.tell({ kind: 'reset', receivedAt: 0 })
    },
    wait: async () => {
      const { seqs, ...result } = await waitForEvents(store, arrivals, {
        filter: { event: 'A' },
        count,
        timeoutMs,
        signal: leaving.signal,
      })
      return { ...result, messageIds: seqs.map((seq) => store.events.read(seq)?.messageId) }
    },
  }
}

describe('waiting for events', () => {
  it('ends with the event that completes the number, duplicates and others left aside', async () => {
    const { receive, wait } = startWaiting(2, 10_000)
    receive('m1')

    const waiting = wait()
    receive('m1')
    receive('other', 'B')
    receive('m2')

    expect(await waiting).toEqual({ matched: true, messageIds: ['m1', 'm2'], near: [] })
  })

  it('starts counting anew after a reset', async () => {
    const { receive, wait, reset } = startWaiting(2, 50)
    receive('m1')

    const waiting = wait()
    await reset()
    receive('m2')

    expect(await waiting).toMatchObject({ matched: false, messageIds: ['m2'] })
  })

  it('ends without a search for the closest when the caller leaves', async () => {
    const { wait, leave, looks } = startWaiting(1, 10_000)

    const waiting = wait()
    leave()

    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    expect(looks()).toEqual({ searches: 1, forTheClosest: 0 })
  })

  it('does not even begin when the caller has left before', async () => {
    const { wait, leave, looks } = startWaiting(1, 10_000)
    leave()

    await expect(wait()).rejects.toMatchObject({ name: 'AbortError' })
    expect(looks()).toEqual({ searches: 0, forTheClosest: 0 })
  })

  it('reads and parses the latest events once for all who wait in vain at the same time', async () => {
    const { receive, store } = startWaiting(1, 0)
    receive('m1')
    const first = store.events.latest()
    const [event] = first

    expect(store.events.latest()).toBe(first)
    expect(event && payloadOf(event)).toBe(event && payloadOf(event))
    receive('m2')
    expect(store.events.latest().map(({ messageId }) => messageId)).toEqual(['m2', 'm1'])
    await store.reset()
    expect(store.events.latest()).toEqual([])
  })
})
