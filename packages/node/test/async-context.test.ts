import { AsyncLocalStorage } from 'node:async_hooks'
import { settled } from '@sluice/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Context, type Plugin, QueueFullError } from '../src'
import { startClient } from './support/start-client'

afterEach(() => void vi.useRealTimers())

const plugin = (type: Plugin['type'], track: NonNullable<Plugin['track']>): Plugin => ({
  name: `${type} of mine`,
  type,
  version: '1.0.0',
  isLoaded: () => true,
  load: async () => {},
  track,
})

/** A client, and an application with an AsyncLocalStorage of its own, in which each request has a name. */
function startApplication(settings: Parameters<typeof startClient>[0] = {}) {
  const requests = new AsyncLocalStorage<string>()
  const client = startClient({ flushAt: 100, ...settings })
  const seen: string[] = []
  const note = (what: string, ctx: Context | undefined) =>
    seen.push(`${what} of ${ctx?.event.event} in ${requests.getStore()}`)
  return { ...client, requests, seen, note }
}

describe('what is called for one event runs where the call was made', () => {
  it('an event that a callback makes belongs to the scope of the first one', async () => {
    const { analytics, sent } = startApplication()
    for (const userId of ['alice', 'bob']) {
      analytics.withContext({ userId, context: { ip: `ip of ${userId}` } }, () => {
        analytics.scoped.track({ event: 'Order' }, () => analytics.scoped.track({ event: 'Receipt' }))
      })
    }
    await analytics.flush()
    await analytics.flush()

    const events = sent.flatMap(({ body }) => JSON.parse(body).batch)
    expect(events.map(({ event, userId, context: { ip } }) => [event, userId, ip])).toEqual([
      ['Order', 'alice', 'ip of alice'],
      ['Order', 'bob', 'ip of bob'],
      ['Receipt', 'alice', 'ip of alice'],
      ['Receipt', 'bob', 'ip of bob'],
    ])
  })

  it('callbacks, listeners and hooks of every kind, when the answer comes', async () => {
    const { analytics, requests, seen, note } = startApplication()
    await analytics.register(
      plugin('before', (ctx) => ctx),
      plugin('destination', async (ctx) => {
        await settled()
        note('destination', ctx)
        return ctx
      }),
      plugin('after', (ctx) => {
        note('after', ctx)
        return ctx
      }),
    )
    analytics.on('track', (ctx) => note('listener', ctx))
    for (const name of ['one', 'two']) {
      requests.run(name, () =>
        analytics.track({ userId: 'u', event: name }, (_, ctx) => note('callback', ctx)),
      )
    }
    await requests.run('flush', () => analytics.flush())

    for (const name of ['one', 'two']) {
      expect(seen.filter((line) => line.includes(` of ${name} `)).sort()).toEqual(
        ['after', 'callback', 'destination', 'listener'].map((what) => `${what} of ${name} in ${name}`),
      )
    }
  })

  it('events that were held up by a slower one before them', async () => {
    const { analytics, requests, seen, note } = startApplication()
    const release: (() => void)[] = []
    await analytics.register(
      plugin('before', (ctx) =>
        ctx.event.event === 'slow' ? new Promise((resolve) => release.push(() => resolve(ctx))) : ctx,
      ),
      plugin('destination', (ctx) => {
        note('destination', ctx)
        return ctx
      }),
    )
    for (const name of ['slow', 'behind']) {
      requests.run(name, () => analytics.track({ userId: 'u', event: name }))
    }
    requests.run('elsewhere', () => release[0]?.())
    await analytics.flush()

    expect(seen).toEqual(['destination of slow in slow', 'destination of behind in behind'])
  })

  it('those that overtake a slow one when their patience is over', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const { analytics, requests, seen, note } = startApplication({ pluginTimeout: 0 })
    void analytics.register(
      plugin('before', (ctx) => (ctx.event.event === 'slow' ? new Promise(() => {}) : ctx)),
      plugin('destination', (ctx) => {
        note('destination', ctx)
        return ctx
      }),
    )
    await settled()
    for (const name of ['slow', 'one', 'two'])
      requests.run(name, () => analytics.track({ userId: 'u', event: name }))
    await vi.advanceTimersByTimeAsync(1_000)

    expect(seen).toEqual(['destination of one in one', 'destination of two in two'])
  })

  it('the notice that an event was dropped for a newer one', async () => {
    const { analytics, requests, seen, note } = startApplication({ maxQueueSize: 1, overflow: 'drop-oldest' })
    analytics.on('error', ({ reason, ctx }) => {
      expect(reason).toBeInstanceOf(QueueFullError)
      note('error', ctx)
    })
    for (const name of ['old', 'new']) {
      requests.run(name, () =>
        analytics.track({ userId: 'u', event: name }, (_, ctx) => note('callback', ctx)),
      )
    }
    await settled()

    expect(seen).toEqual(['callback of old in old', 'error of old in old'])
    await analytics.flush()
  })

  it('what is given up when the client is closed, on the wire or with a plugin', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const { analytics, requests, seen, note } = startApplication({ replies: ['hang'], pluginTimeout: 0 })
    void analytics.register(
      plugin('before', (ctx) => (ctx.event.event === 'held' ? new Promise(() => {}) : ctx)),
    )
    await settled()
    analytics.on('error', ({ ctx }) => note('error', ctx))
    for (const name of ['sent', 'held'])
      requests.run(name, () => analytics.track({ userId: 'u', event: name }))
    const closed = requests.run('closing', () => analytics.closeAndFlush({ timeout: 2_000 }))
    await vi.advanceTimersByTimeAsync(2_000)
    await closed

    expect(seen).toEqual(['error of sent in sent', 'error of held in held'])
  })
})
