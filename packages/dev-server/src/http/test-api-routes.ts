import type { FastifyInstance } from 'fastify'
import { parseFaults } from '../faults/parse-faults'
import { waitForEvents } from '../feed/wait-for-events'
import { isJsonObject, type JsonObject } from '../json'
import type { ServerParts } from '../server-parts'
import { recordJson, type StoredEvent } from '../store/stored-event'
import { parseJson } from './parse-json'
import { Problem } from './problem'
import { readBody } from './read-body'
import { readFilter, readNumber } from './read-filter'

const bodyBytes = 1024 * 1024
const defaultLimit = 100
const largestLimit = 10_000
const defaultWaitMs = 5_000
// HTTP clients give up on an answer after five minutes, and would then report a broken connection instead of a miss.
const longestWaitMs = 240_000

/** What automated tests ask and arrange: events, counts, waiting, faults, a clean slate. To be registered under `/api`. */
export function testApiRoutes(
  app: FastifyInstance,
  parts: Pick<ServerParts, 'store' | 'arrivals' | 'faults' | 'rateLimit' | 'replies' | 'options'>,
): void {
  const { store, arrivals, faults, rateLimit, replies, options } = parts

  app.get('/events', async (request, reply) => {
    const query = asObject(request.query)
    const limit = readNumber(query, 'limit', 1, largestLimit) ?? defaultLimit
    const events = store.events.find(readFilter(query), limit)
    return reply.type('application/json').send(`{"events":${listJson(events)}}`)
  })

  app.get<{ Params: { messageId: string } }>('/events/:messageId', async (request, reply) => {
    const { messageId } = request.params
    const [event] = [
      ...store.events.find({ messageId, status: 'accepted' }, 1),
      ...store.events.find({ messageId, status: 'failed' }, 1),
    ]
    if (event === undefined)
      throw new Problem(404, 'event_unknown', 'No event has this message id', { messageId })
    return reply.type('application/json').send(recordJson(event))
  })

  app.get('/counts', async () => store.counters.read())

  app.post('/wait', async (request, reply) => {
    const body = asObject(await readJson(request.body, request.headers['content-encoding'], '{}'))
    const { matched, events, near } = await waitForEvents(store.events, arrivals, {
      filter: readFilter(body),
      count: readNumber(body, 'count', 1, largestLimit) ?? 1,
      timeoutMs: readNumber(body, 'timeoutMs', 0, longestWaitMs) ?? defaultWaitMs,
      signal: replies.untilGone(reply),
    })
    const nearJson = near.map(
      ({ event, why }) => `{"why":${JSON.stringify(why)},"event":${recordJson(event)}}`,
    )
    return reply
      .type('application/json')
      .send(`{"matched":${matched},"events":${listJson(events)},"near":[${nearJson.join(',')}]}`)
  })

  app.post('/reset', async () => {
    store.reset()
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

function listJson(events: readonly StoredEvent[]): string {
  return `[${events.map(recordJson).join(',')}]`
}

function asObject(value: unknown): JsonObject {
  if (isJsonObject(value)) return value
  throw new Problem(400, 'body_not_object', 'The body must be a JSON object', { where: 'body' })
}
