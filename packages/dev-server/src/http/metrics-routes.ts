import type { FastifyInstance } from 'fastify'
import { createStrike } from '../faults/strike'
import { isJsonObject } from '../json'
import type { ServerParts } from '../server-parts'
import { parseJson } from './parse-json'
import { Problem } from './problem'
import { readBody } from './read-body'

/** What browser SDKs report about themselves. It carries no write key, so it is counted and nothing else. To be registered under `/v1`. */
export function metricsRoutes(
  app: FastifyInstance,
  parts: Pick<ServerParts, 'options' | 'store' | 'faults' | 'replies'>,
): void {
  const strikeRequest = createStrike(parts)

  app.post('/m', async (request, reply) => {
    const { limits } = parts.options
    const { text } = await readBody(request.body, request.headers['content-encoding'], limits.batchBytes)
    const strike = strikeRequest('metrics', reply)
    if (await strike.before()) return reply
    const body = parseJson(text)
    const series = isJsonObject(body) ? body.series : undefined
    if (!Array.isArray(series)) {
      throw new Problem(400, 'series_missing', 'The body must hold a list named series', { where: 'series' })
    }
    parts.store.counters.add('metrics', series.length)
    if (await strike.after()) return reply
    return { success: true }
  })
}
