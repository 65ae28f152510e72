import type { KeyValueStore } from '@sluice/core/internal'
import { createMemoryStore, segmentStatusTable } from '@sluice/core/internal'
import { createFakeClock, createScriptedTransport, type Reply, settled } from '@sluice/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createBrowserDelivery, type Strategy } from '../../src/delivery/browser-delivery'
import { pathOf } from '../../src/http/path-of'
import { createLockGuard } from '../../src/outbox/lane-guard'
import { createBrowserOutbox } from '../../src/outbox/outbox'
import { createFakeLocks } from '../support/fake-locks'

/** What all pages of a site share, and outlives each of them. */
function createSite() {
  const locks = createFakeLocks()
  return { store: createMemoryStore() as KeyValueStore, locks, held: locks.held }
}

type Site = ReturnType<typeof createSite>

let pages = 0

function openPage({
  site = createSite(),
  strategy = { type: 'batching', size: 10, timeout: 5_000 },
  replies = [200],
  maxLength = 100_000,
}: {
  site?: Site
  strategy?: Strategy
  replies?: Reply[]
  maxLength?: number
} = {}) {
  const clock = createFakeClock()
  const transport = createScriptedTransport(...replies)
  const lane = `page-${pages++}`
  const ends: string[] = []
  const raw: string[] = []
  const givenUp: string[] = []
  const wondering: ((isWell: boolean) => void)[] = []
  const guard = createLockGuard(site.locks, 'lane:', lane)
  const handlers = { leave: () => {}, gone: guard.release, shown: () => {}, return: () => {} }
  const outbox = createBrowserOutbox({
    store: site.store,
    writeKey: 'wk',
    lane,
    maxLength,
    used: guard.hold,
    dropped() {},
  })
  const delivery = createBrowserDelivery({
    strategy,
    writeKey: 'wk',
    transport,
    clock,
    policy: {
      maxRetries: 10,
      maxUncountedRetries: 10,
      maxTotalBackoffMs: 1e9,
      maxRateLimitMs: 1e9,
      maxPauseMs: 300_000,
      delayMs: () => 1_000,
      statuses: segmentStatusTable,
    },
    lifecycle: {
      isOnline: () => true,
      isHidden: () => false,
      onOnline: () => () => {},
      answered() {},
      failed() {},
      onLeave: (run) => on('leave', run),
      onGone: () => () => {},
      onShown: (run) => on('shown', run),
      onReturn: (run) =>
        on('return', () => {
          guard.wake()
          guard.hold()
          run()
        }),
    },
    outbox,
    guard,
    restoreRaw: (event) => raw.push(JSON.stringify(event)),
    whenAnswered: (_time, run) => wondering.push(run),
    gaveUp: (json, reason) => givenUp.push(`${json} ${reason}`),
  })
  function on(name: keyof typeof handlers, run: () => void) {
    handlers[name] = run
    return () => {
      handlers[name] = () => {}
    }
  }
  return {
    site,
    clock,
    delivery,
    transport,
    outbox,
    ends,
    raw,
    givenUp,
    handlers,
    /** The server has answered for the first time. */
    answered(isWell: boolean) {
      for (const run of wondering.splice(0)) run(isWell)
    },
    track(id: string) {
      const json = JSON.stringify({ type: 'track', messageId: id })
      const settle = (failure?: { reason: unknown }) => ends.push(`${id} ${failure ? 'failed' : 'delivered'}`)
      delivery.add({ id, json, bytes: json.length, path: pathOf('track'), settle }, false)
    },
    /** The ids of each request. */
    sent: () =>
      transport.sent.map(({ body }) => {
        const { batch, messageId } = JSON.parse(body) as {
          batch?: { messageId: string }[]
          messageId: string
        }
        return batch ? batch.map((event) => event.messageId) : messageId
      }),
    /** The page is gone without a word; the browser lets go of its lock. */
    kill: () => site.held.delete(`lane:${lane}`),
  }
}

type Page = ReturnType<typeof openPage>

/** A page that was killed before it had sent these events. */
function killedPage(...ids: string[]): Page {
  const page = openPage()
  for (const id of ids) page.track(id)
  page.kill()
  return page
}

/** The page takes over what others left, and sends it at once. */
async function adoptAndSend({ delivery }: Page): Promise<void> {
  await delivery.adopt()
  delivery.flush()
  await settled()
}

const kept = (store: KeyValueStore) => store.keys('sluice:outbox:').length

describe('standard delivery', () => {
  it('makes one request for each event, to the address of its type', async () => {
    const { track, sent, transport, ends } = openPage({ strategy: { type: 'standard' } })
    track('a')
    track('b')
    await settled()

    expect(sent()).toEqual(['a', 'b'])
    expect(transport.sent.map(({ path }) => path)).toEqual(['/t', '/t'])
    expect(ends).toEqual(['a delivered', 'b delivered'])
    expect(JSON.parse(transport.sent[0]?.body ?? '')).toEqual({
      type: 'track',
      messageId: 'a',
      sentAt: '2026-01-01T00:00:00.000Z',
    })
  })

  it.each([
    ['standard', { type: 'standard' }, 2],
    ['batching', { type: 'batching', size: 1, timeout: 0 }, 1],
  ] as const)('tells with a retry how often the event was sent: %s', async (_name, strategy, retryCount) => {
    const { track, transport, clock } = openPage({ strategy, replies: [503, 200] })
    track('a')
    await settled()
    await clock.advance(1_000)

    const [first, second] = transport.sent.map(({ body }) => {
      const sent = JSON.parse(body) as { batch?: object[] }
      return sent.batch?.[0] ?? sent
    })
    expect(first).not.toHaveProperty('_metadata')
    expect(second).toHaveProperty('_metadata', { retryCount })
  })

  it.each([
    ['track', '/t'],
    ['identify', '/i'],
    ['page', '/p'],
    ['screen', '/s'],
    ['group', '/g'],
    ['alias', '/a'],
  ])('sends %s to %s', (type, path) => {
    expect(pathOf(type)).toBe(path)
  })
})

describe('batching delivery', () => {
  it('puts events together until they are enough or have waited long enough', async () => {
    const { track, sent, clock, transport } = openPage({
      strategy: { type: 'batching', size: 2, timeout: 5_000 },
    })
    for (const id of ['a', 'b', 'c']) track(id)
    await settled()
    expect(sent()).toEqual([['a', 'b']])
    await clock.advance(5_000)

    expect(sent()).toEqual([['a', 'b'], ['c']])
    expect(transport.sent[0]).toMatchObject({ path: '/b', isLeaving: false })
  })
})

describe('an unsent event', () => {
  it('is kept from its acceptance until its answer', async () => {
    const { track, site, transport } = openPage({ strategy: { type: 'standard' }, replies: ['hang'] })
    track('a')
    expect(kept(site.store)).toBe(1)
    await settled()
    expect(kept(site.store)).toBe(1)
    transport.answer(200)
    await settled()

    expect(kept(site.store)).toBe(0)
  })

  it('of a page that was killed arrives with the next one, once', async () => {
    const dead = killedPage('a', 'b')
    const next = openPage({ site: dead.site })
    await adoptAndSend(next)

    expect(dead.sent()).toEqual([])
    expect(next.sent()).toEqual([['a', 'b']])
    expect(kept(dead.site.store)).toBe(0)
  })

  it('of a page that lives is nobody else’s', async () => {
    const living = openPage()
    living.track('a')
    const other = openPage({ site: living.site })
    await adoptAndSend(other)

    expect(other.sent()).toEqual([])
    expect(kept(living.site.store)).toBe(1)
  })

  it('of two dead pages goes to one of two new ones', async () => {
    const site = createSite()
    for (const id of ['a', 'b']) {
      const dead = openPage({ site })
      dead.track(id)
      dead.kill()
    }
    const next = [openPage({ site }), openPage({ site })]
    await Promise.all(next.map(({ delivery }) => delivery.adopt()))
    for (const { delivery } of next) delivery.flush()
    await settled()

    expect(next.flatMap((page) => page.sent().flat()).sort()).toEqual(['a', 'b'])
  })

  it('that is given up is told of', async () => {
    const dead = killedPage('a')
    const next = openPage({ site: dead.site, strategy: { type: 'standard' }, replies: [400] })
    await next.delivery.adopt()
    await settled()

    expect(next.givenUp).toEqual(['{"type":"track","messageId":"a"} Error: [400] Status 400'])
    expect(kept(dead.site.store)).toBe(0)
  })

  it('that was not through the plugins yet goes to those of the next page', async () => {
    const dead = openPage()
    dead.outbox.put('a', 'raw:{"type":"page","messageId":"a"}')
    dead.track('b')
    dead.kill()
    const next = openPage({ site: dead.site })
    await adoptAndSend(next)

    expect(next.raw).toEqual(['{"type":"page","messageId":"a"}'])
    expect(next.sent()).toEqual([['b']])
    expect([kept(dead.site.store), next.outbox.has('a')]).toEqual([1, true])
  })

  it('that Segment’s library left is sent as its type wants it, or goes to the plugins first', async () => {
    const site = createSite()
    const leave = (queue: string, messageId: string) =>
      site.store.set(
        `persisted-queue:v1:wk:${queue}:items`,
        JSON.stringify([{ event: { type: 'identify', messageId } }]),
      )
    leave('dest-Segment.io', 'sent')
    leave('event-queue', 'raw')
    const { delivery, transport, raw } = openPage({ site, strategy: { type: 'standard' } })
    await delivery.adopt()
    await settled()

    expect(transport.sent).toMatchObject([{ path: '/i' }])
    expect(raw).toEqual(['{"type":"identify","messageId":"raw"}'])
    expect(site.store.keys('persisted-queue:')).toEqual([])
  })
})

describe('what it takes to adopt events', () => {
  const module = '../../src/delivery/adopt'
  let loads = 0
  const failToLoad = () => {
    loads = 0
    vi.doMock(module, () => {
      loads++
      throw new Error('Failed to fetch dynamically imported module')
    })
  }
  afterEach(() => {
    vi.doUnmock(module)
    vi.resetModules()
  })

  it('is not loaded where nothing was left', async () => {
    failToLoad()
    const { delivery, track, outbox, site } = openPage()
    site.store.set('persisted-queue:v1:wk:dest-Amplitude:items', '[{}]')
    track('a')
    outbox.put('b', 'raw:{}')
    await delivery.adopt()

    expect(loads).toBe(0)
  })

  it('is tried again after a while when it has failed to load', async () => {
    failToLoad()
    const dead = killedPage('a')
    const next = openPage({ site: dead.site, strategy: { type: 'standard' } })
    await next.delivery.adopt()
    vi.doUnmock(module)
    vi.resetModules()
    await next.clock.advance(2_000)

    await expect.poll(() => next.sent()).toEqual(['a'])
  })

  it('may fail to load: then everything is left to the next page', async () => {
    failToLoad()
    const dead = killedPage('a')
    const next = openPage({ site: dead.site })
    await next.delivery.adopt()
    expect([loads, kept(dead.site.store)]).toEqual([1, 1])

    vi.doUnmock(module)
    vi.resetModules()
    const last = openPage({ site: dead.site })
    await adoptAndSend(last)

    expect(last.sent()).toEqual([['a']])
  })
})

describe('a page that is left', () => {
  it('sends what is waiting at once, and once', async () => {
    const { track, handlers, sent, transport, site, clock } = openPage()
    track('a')
    handlers.leave()
    handlers.leave()
    expect(transport.sent).toMatchObject([{ isLeaving: true }])
    await clock.advance(60_000)

    expect(sent()).toEqual([['a']])
    expect(kept(site.store)).toBe(0)
  })

  it('that is stopped listens no more and keeps what is unsent', async () => {
    const { track, delivery, handlers, site, transport } = openPage()
    track('a')
    delivery.stop()
    handlers.leave()
    await settled()

    expect(transport.sent).toEqual([])
    expect([kept(site.store), site.held.size]).toEqual([1, 0])
  })
})

describe('a page that comes back from the back/forward cache', () => {
  const takenOver = async ({ replies = ['hang'] as Reply[] } = {}) => {
    const page = openPage({ replies })
    page.track('a')
    page.track('b')
    page.handlers.gone()
    await settled()
    const other = openPage({ site: page.site })
    await other.delivery.adopt()
    return { page, other }
  }

  it('does not send what another page has taken over, and tells nobody of a failure', async () => {
    const { page, other } = await takenOver()
    page.handlers.return()
    page.delivery.flush()
    other.delivery.flush()
    await settled()

    expect([page.sent(), other.sent()]).toEqual([[], [['a', 'b']]])
    expect(page.ends).toEqual(['a delivered', 'b delivered'])
    expect(page.delivery.held).toEqual({ events: 0, bytes: 0 })
  })

  it('still sends what was deleted from storage meanwhile, and tells the truth about it', async () => {
    const page = openPage({ replies: [503, 503, 200] })
    page.track('a')
    page.delivery.flush()
    await settled()
    page.handlers.gone()
    for (const key of page.site.store.keys('')) page.site.store.remove(key)
    page.handlers.return()
    expect([page.ends, page.outbox.has('a')]).toEqual([[], true])
    await page.clock.advance(10_000)

    expect(page.ends).toEqual(['a delivered'])
    expect(page.sent()).toEqual([['a'], ['a'], ['a']])
  })

  it('knows what was taken from it, though other things were deleted since', async () => {
    const { page, other } = await takenOver()
    page.handlers.return()
    page.track('c')
    page.handlers.gone()
    for (const key of page.site.store.keys('sluice:outbox:')) page.site.store.remove(key)
    page.handlers.return()
    page.delivery.flush()
    await settled()

    expect(page.sent()).toEqual([['c']])
    expect(other.delivery.held.events).toBe(2)
  })

  it('gives up requests for it, and goes on with the rest', async () => {
    const { page } = await takenOver()
    page.track('c')
    page.delivery.flush()
    await settled()
    expect(page.sent()).toEqual([['a', 'b', 'c']])
    page.handlers.return()
    await settled()

    expect(page.sent()).toEqual([['a', 'b', 'c'], ['c']])
    expect(page.outbox.has('c')).toBe(true)
    page.transport.answer(200)
    await settled()

    expect(page.ends).toEqual(['a delivered', 'b delivered', 'c delivered'])
    expect(page.outbox.has('c')).toBe(false)
  })

  it('still sends what storage never had room for', async () => {
    const page = openPage({ maxLength: 0 })
    page.track('a')
    page.handlers.gone()
    page.handlers.return()
    page.delivery.flush()
    await settled()

    expect(page.sent()).toEqual([['a']])
  })

  it('disturbs no request when nothing was taken', async () => {
    const page = openPage({ replies: ['hang'] })
    page.track('a')
    page.delivery.flush()
    await settled()
    page.handlers.gone()
    page.handlers.return()
    page.transport.answer(200)
    await settled()

    expect([page.sent(), page.ends]).toEqual([[['a']], ['a delivered']])
  })
})
