import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { parseFaults } from '../faults/parse-faults'
import { waitForEvents } from '../feed/wait-for-events'
import { isJsonObject, type JsonObject } from '../json'
import type { ServerParts } from '../server-parts'
import type { EventFilter } from '../store/event-filter'
import { recordJson } from '../store/stored-event'
import { whenFree } from '../store/when-free'
import { eventListJson } from './event-list'
import { parseJson } from './parse-json'
import { Problem } from './problem'
import { readBody } from './read-body'
import { filterNames, readFilter, readWhole } from './read-filter'
import { refuseUnknownNames } from './refuse-unknown-names'

const bodyBytes = 1024 * 1024
const defaultLimit = 100
const largestLimit = 10_000
const defaultWaitMs = 5_000
// HTTP clients give up on an answer after five minutes, and would then report a broken connection instead of a miss.
const longestWaitMs = 240_000

/** What may stand in the query of each route; in those that are not listed, nothing. */
export const queryNames: Readonly<Record<string, readonly string[]>> = {
  '/events': [...filterNames, 'limit'],
}

/** What automated tests ask and arrange: events, counts, waiting, faults, a clean slate. To be registered under `/api`. */
export function testApiRoutes(
  app: FastifyInstance,
  parts: Pick<ServerParts, 'store' | 'arrivals' | 'faults' | 'rateLimit' | 'replies' | 'options'>,
): void {
  const { store, arrivals, faults, rateLimit, replies, options } = parts

  const read = (seq: number) => whenFree(() => store.events.read(seq))
  const sendList = (reply: FastifyReply, seqs: readonly number[], before = '{', after = '}') => {
    const pieces = eventListJson({ before, after, seqs, read, waitTurn: store.waitTurn })
    return reply.type('application/json').send(Readable.from(pieces))
  }
  const findFirst = async (filter: EventFilter, signal: AbortSignal) => {
    const [seq] = await store.search({ filter, limit: 1, signal })
    return seq === undefined ? undefined : read(seq)
  }

  app.get('/events', async (request, reply) => {
    const query = asObject(request.query)
    const limit = readWhole(query, 'limit', 1, largestLimit) ?? defaultLimit
    const signal = replies.untilGone(reply)
    return sendList(reply, await store.search({ filter: readFilter(query), limit, signal }))
  })

  app.get<{ Params: { messageId: string } }>('/events/:messageId', async (request, reply) => {
    const { messageId } = request.params
    const signal = replies.untilGone(reply)
    const event =
      (await findFirst({ messageId, status: 'accepted' }, signal)) ??
      (await findFirst({ messageId, status: 'failed' }, signal))
    if (event === undefined)
      throw new Problem(404, 'event_unknown', 'No event has this message id', { messageId })
    return reply.type('application/json').send(recordJson(event))
  })

  app.get('/counts', async () => store.counters.read())

  app.post('/wait', async (request, reply) => {
    const body = asObject(await readJson(request.body, request.headers['content-encoding'], '{}'))
    refuseUnknownNames(body, [...filterNames, 'count', 'timeoutMs'])
    const { matched, seqs, near } = await waitForEvents(store, arrivals, {
      filter: readFilter(body),
      count: readWhole(body, 'count', 1, largestLimit) ?? 1,
      timeoutMs: readWhole(body, 'timeoutMs', 0, longestWaitMs) ?? defaultWaitMs,
      signal: replies.untilGone(reply),
    })
    const nearJson = near.map(
      ({ event, why }) => `{"why":${JSON.stringify(why)},"event":${recordJson(event)}}`,
    )
    return sendList(reply, seqs, `{"matched":${matched},`, `,"near":[${nearJson.join(',')}]}`)
  })

  app.post('/reset', async () => {
    await store.reset()
    faults.clear()
    rateLimit.reset()
    arrivals.tell({ kind: 'reset', receivedAt: options.now() })
    return { success: true }
  })

  app.get('/faults', async () => ({ faults: faults.list() }))

  app.post('/faults', async (request, reply) => {
    faults.add(parseFaults(await readJson(request.body, request.headers['content-encoding'], '')))
    void reply.code(201)
    return { faults: faults.list() }
  })

  app.delete('/faults', async () => {
    faults.clear()
    return { faults: [] }
  })
}

async function readJson(stream: unknown, encoding: string | undefined, empty: string): Promise<unknown> {
  const { text } = await readBody(stream, encoding, bodyBytes)
  return parseJson(text === '' ? empty : text)
}

function asObject(value: unknown): JsonObject {
  if (isJsonObject(value)) return value
  throw new Problem(400, 'body_not_object', 'The body must be a JSON object', { where: 'body' })
}
