import { randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Channel } from '../events/event-record'
import type { EventType } from '../events/event-type'
import { type Envelope, type PreparedEvent, prepareEvent, refuseEvent } from '../events/prepare-event'
import type { Fault } from '../faults/fault'
import { createStrike } from '../faults/strike'
import { isJsonObject, type JsonObject } from '../json'
import type { Limits } from '../limits'
import type { ServerParts } from '../server-parts'
import type { SaveOutcome } from '../store/event-store'
import { parseJson } from './parse-json'
import { Problem, refusalReason } from './problem'
import type { Body } from './read-body'
import type { RouteName } from './route-name'
import { storeNotUsable } from './store-not-usable'

/** What a route knows about its calls before it has seen one. */
export interface CallKind {
  route: RouteName
  channel: Channel
  /** The one kind of event the route takes; `undefined` for batches, whose events say it themselves. */
  type: EventType | undefined
}

export type TakeCallParts = Pick<
  ServerParts,
  'options' | 'store' | 'arrivals' | 'faults' | 'rateLimit' | 'replies' | 'authorise'
>

/** Makes the way of a call through the server: body, faults, door, limits, checks, store. Resolves once `reply` is sent. */
export function createTakeCall(parts: TakeCallParts) {
  const { options, store, arrivals, rateLimit, authorise } = parts
  const { counters, lane } = store
  const strikeRequest = createStrike(parts)

  const refuse = (kind: CallKind, receivedAt: number, problem: Problem) => {
    const reason = refusalReason(problem)
    counters.add(`refused:${reason}`)
    arrivals.tell({
      kind: 'refused',
      route: kind.route,
      receivedAt,
      status: problem.status,
      reason,
      message: problem.message,
    })
  }

  const refuseByFault = (kind: CallKind, receivedAt: number, fault: Fault) => {
    counters.add('refused:fault')
    const status = fault.kind === 'status' ? fault.status : undefined
    const message = `a fault struck, ${fault.kind}`
    arrivals.tell({ kind: 'refused', route: kind.route, receivedAt, status, reason: 'fault', message })
  }

  const save = async (kind: CallKind, events: PreparedEvent[]): Promise<SaveOutcome> => {
    try {
      return await lane.save(events)
    } catch (cause) {
      throw storeNotUsable(`The events of this ${kind.route} call could not be stored`, cause)
    }
  }

  return async (
    kind: CallKind,
    request: FastifyRequest,
    reply: FastifyReply,
    read: () => Promise<Body>,
    answer: () => unknown,
  ): Promise<void> => {
    const receivedAt = options.now()
    counters.add('requests')
    if (kind.type === undefined) counters.add('batches')
    try {
      const { text, wireBytes } = await read()
      counters.add('bytes', wireBytes)

      const strike = strikeRequest(kind.route, reply)
      // Told before it happens: a test that waits for a hang must not have to wait for its end.
      if (strike.refusal !== undefined) refuseByFault(kind, receivedAt, strike.refusal)
      if (await strike.before()) return

      const body = asBody(parseJson(text))
      const writeKey = authorise({
        authorization: request.headers.authorization,
        bodyKey: body.writeKey,
        queryKey: asObject(request.query)?.writeKey,
      })
      rateLimit.take(writeKey)

      const envelope = { writeKey, channel: kind.channel, receivedAt, ip: request.ip, type: kind.type }
      const events =
        kind.type === undefined
          ? readBatch(body, envelope, options.limits)
          : readSingle(body, envelope, options.limits)
      const isStrict = options.strict || isStrictHeader(request.headers['x-strict-mode'])
      const faulty = isStrict ? events.filter(({ status }) => status === 'failed') : []
      const { stored, duplicates } = await save(kind, faulty.length > 0 ? faulty : events)

      const told = {
        route: kind.route,
        writeKey,
        channel: kind.channel,
        receivedAt,
        bytes: wireBytes,
        duplicates,
      }
      arrivals.tell({ kind: 'batch', ...told, events: stored })
      if (faulty.length > 0) throw invalidEvents(events)
      if (await strike.after()) return
      void reply.send(answer())
    } catch (error) {
      if (error instanceof Problem) refuse(kind, receivedAt, error)
      throw error
    }
  }
}

function readSingle(
  body: JsonObject,
  facts: Omit<Envelope, 'sentAt' | 'context' | 'integrations'>,
  limits: Limits,
): PreparedEvent[] {
  const envelope = { ...facts, sentAt: body.sentAt, context: undefined, integrations: undefined }
  return [prepareEvent(body, envelope, limits, randomUUID)]
}

function readBatch(
  body: JsonObject,
  facts: Omit<Envelope, 'sentAt' | 'context' | 'integrations'>,
  limits: Limits,
): PreparedEvent[] {
  const { batch } = body
  if (!Array.isArray(batch))
    throw new Problem(400, 'batch_missing', 'The body must hold a list named batch', { where: 'batch' })
  const envelope = {
    ...facts,
    sentAt: body.sentAt,
    context: readObject(body, 'context'),
    integrations: readObject(body, 'integrations'),
  }
  return batch.map((item: unknown, index) =>
    index < limits.batchEvents
      ? prepareEvent(item, envelope, limits, randomUUID)
      : refuseEvent(item, tooManyEvents(index, limits), envelope, limits, randomUUID),
  )
}

function tooManyEvents(index: number, { batchEvents }: Limits) {
  const message = `The event stands at place ${index + 1} of a batch that may hold ${batchEvents}`
  return { reason: 'batch_too_many_events', message } as const
}

function invalidEvents(events: readonly PreparedEvent[]): Problem {
  const faulty = events.flatMap((event, index) =>
    event.status === 'failed' ? [{ index, messageId: event.messageId, ...event.failure }] : [],
  )
  const message = `${faulty.length} of ${events.length} events are faulty; in strict mode none was accepted`
  return new Problem(400, 'invalid_events', message, { events: faulty })
}

function asBody(value: unknown): JsonObject {
  if (isJsonObject(value)) return value
  throw new Problem(400, 'body_not_object', 'The body must be a JSON object', { where: 'body' })
}

function readObject(body: JsonObject, field: 'context' | 'integrations'): JsonObject | undefined {
  const value = body[field]
  if (value === undefined || value === null) return undefined
  if (isJsonObject(value)) return value
  throw new Problem(400, 'field_not_object', `${field} of the batch must be an object`, { where: field })
}

function asObject(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined
}

function isStrictHeader(value: string | string[] | undefined): boolean {
  return value === '1' || value === 'true'
}
