import { beforeAll, describe, expect, it, vi } from 'vitest'
import { envelope } from '../src/event-log'
import type { Fields, Hook, PluginLike } from '../src/library'
import { plugin } from '../src/plugins'
import { type Random, seededRandom } from '../src/random'
import type { Reply } from '../src/scripted-client'
import { startClient } from '../src/start-client'
import { type NodeSubject, nodeSegment, nodeSluice } from '../src/subjects'
import { inVirtualTime } from '../src/virtual-time'

/**
 * One event on its way past made-up plugins to a server with made-up moods, in both libraries: what listeners, plugins,
 * the callback and the server get to see must be the same. Left out is what ours does otherwise on purpose: plugins
 * that drop events, and destinations that fail.
 */
describe('given the same plugins and the same answers', () => {
  beforeAll(async () => {
    await Promise.all([nodeSegment.load(), nodeSluice.load()])
  })

  it.each(Array.from({ length: 200 }, (_, i) => i + 1))(
    'both libraries do the same (seed %i)',
    async (seed) => {
      const segment = await whatHappens(nodeSegment, seed)
      const sluice = await whatHappens(nodeSluice, seed)

      expect(sluice).toEqual(segment)
    },
  )
})

interface Happened {
  emitted: string[]
  ran: string[]
  callback: unknown[]
  requests: { retry: string | undefined; events: unknown[] }[]
  logs: string[]
  errors: { code: unknown; reason: unknown }[]
}

async function whatHappens(subject: NodeSubject, seed: number): Promise<Happened> {
  const random = seededRandom(seed)
  const ran: string[] = []
  const plugins = Array.from({ length: Math.floor(random.next() * 6) }, (_, i) => makePlugin(random, i, ran))
  const replies = Array.from({ length: Math.floor(random.next() * 4) }, () => makeReply(random))
  const settings = { maxRetries: Math.floor(random.next() * 3) }
  const integrations = random.pick<Fields | undefined>([
    undefined,
    { All: false },
    { All: false, p1: true, p2: { a: 1 } },
    { p0: false, p3: false },
    { 'Segment.io': false },
  ])
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})

  const { analytics, http, log } = await startClient(subject, { replies, settings })
  await analytics.register(...plugins)
  log.clear()
  const callback: unknown[] = []
  await inVirtualTime(async (time) => {
    analytics.track(
      { event: 'E', userId: 'u', messageId: 'm', timestamp: new Date(0), integrations },
      (err, ctx) => {
        callback.push(messageOf(err), ctx?.id === envelope(log.of('dispatch_start')[0]).id)
      },
    )
    await time.pass(120_000)
  })
  warn.mockRestore()

  const last = log.of('track')[0] ?? log.errors()[0]?.ctx
  return {
    emitted: log.names(),
    ran,
    callback,
    requests: http.requests.map(({ headers, batch }) => ({
      retry: headers['X-Retry-Count'],
      events: batch.map(({ context: _context, ...rest }) => rest),
    })),
    // Plugins that run side by side may write their lines in either order.
    logs: envelope(last)
      .logs()
      .map(({ level, message, extras }) => `${level} ${message} ${String(extras?.plugin ?? '')}`)
      .sort(),
    errors: log.errors().map(({ code, reason }) => ({ code, reason: messageOf(reason) })),
  }
}

function makePlugin(random: Random, i: number, ran: string[]): PluginLike {
  const name = `p${i}`
  const type = random.pick(['before', 'enrichment', 'enrichment', 'destination', 'after', 'utility'])
  const isDestination = type === 'destination'
  const behaviour = random.pick<Hook>([
    (ctx) => ctx,
    async (ctx) => ctx,
    (ctx) => {
      ctx.updateEvent(isDestination ? 'context.seen' : `properties.${name}`, true)
      return ctx
    },
    async (ctx) => {
      await new Promise((resolve) => setTimeout(resolve, 5 + i))
      return ctx
    },
    (ctx) => {
      if (type === 'before' || type === 'enrichment') ctx.updateEvent('integrations.p1', random.next() < 0.5)
      return ctx
    },
    (ctx) => {
      if (isDestination) return ctx
      throw new Error(`${name} throws`)
    },
    (ctx) => (isDestination ? ctx : Promise.reject(new Error(`${name} rejects`))),
  ])
  const hook: Hook = (ctx) => {
    ran.push(`${type} ${name}`)
    return behaviour(ctx)
  }
  const load = random.next() < 0.1 ? () => Promise.reject(new Error('no load')) : async () => {}
  return plugin(type, name, random.next() < 0.9 ? hook : undefined, { load })
}

function makeReply(random: Random): Reply {
  return random.pick<Reply>([
    200,
    204,
    302,
    400,
    403,
    404,
    408,
    429,
    500,
    501,
    503,
    new Error('no network'),
    { status: 429, headers: { 'retry-after': '2' } },
  ])
}

function messageOf(error: unknown): unknown {
  return error instanceof Error ? error.message : error
}
