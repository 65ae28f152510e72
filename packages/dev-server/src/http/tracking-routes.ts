import type { FastifyInstance } from 'fastify'
import { eventTypes } from '../events/event-type'
import { isJsonObject } from '../json'
import { Problem } from './problem'
import { readBody } from './read-body'
import { type CallKind, createTakeCall, type TakeCallParts } from './take-call'

// Server SDKs use the full names, browser SDKs the short ones: the route is what tells them apart.
const kinds: readonly [path: string, kind: CallKind][] = [
  ...eventTypes.flatMap((type): [string, CallKind][] => [
    [`/${type}`, { route: type, channel: 'server', type }],
    [`/${type.charAt(0)}`, { route: type, channel: 'client', type }],
  ]),
  ['/batch', { route: 'batch', channel: 'server', type: undefined }],
  ['/import', { route: 'import', channel: 'server', type: undefined }],
  ['/b', { route: 'batch', channel: 'client', type: undefined }],
]

const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

/** The Tracking API: calls, batches and pixels. To be registered under `/v1`. */
export function trackingRoutes(app: FastifyInstance, parts: TakeCallParts): void {
  const { limits } = parts.options
  const takeCall = createTakeCall(parts)

  for (const [path, kind] of kinds) {
    const limitBytes = kind.type === undefined ? limits.batchBytes : limits.callBytes
    app.post(path, async (request, reply) => {
      const read = () => readBody(request.body, request.headers['content-encoding'], limitBytes)
      await takeCall(kind, request, reply, read, () => ({ success: true }))
      return reply
    })
  }

  for (const type of ['track', 'page'] as const) {
    app.get(`/pixel/${type}`, async (request, reply) => {
      const read = async () => readPixel(request.query)
      await takeCall({ route: 'pixel', channel: 'client', type }, request, reply, read, () => {
        void reply.type('image/gif')
        return gif
      })
      return reply
    })
  }
}

function readPixel(query: unknown): { text: string; wireBytes: number } {
  const data = isJsonObject(query) ? query.data : undefined
  if (typeof data !== 'string')
    throw new Problem(400, 'data_missing', 'Send the call as base64 of its JSON in ?data=', { where: 'data' })
  // A plus that was not escaped arrives as a space.
  return { text: Buffer.from(data.replaceAll(' ', '+'), 'base64').toString('utf8'), wireBytes: data.length }
}
