import { Problem } from '../http/problem'
import { refuseUnknownNames } from '../http/refuse-unknown-names'
import { isRouteName, type RouteName, routeNames } from '../http/route-name'
import { isJsonObject, type JsonObject } from '../json'
import type { Fault, FaultAction, FaultTerms } from './fault'

const largestBody = 64 * 1024 * 1024
// Node's timers hold no more, and fire at once instead.
const longestMs = 2_147_483_647

/**
 * Reads a fault script: one fault, a list, or `{ script: [...] }`. `{ statuses: [500, 429, 200] }` is short for one
 * `status` fault per number, each striking once.
 */
export function parseFaults(body: unknown): Fault[] {
  const isWrapped = isJsonObject(body) && 'script' in body
  if (isWrapped) refuseUnknownNames(body, ['script'])
  const script = isWrapped ? body.script : body
  const items = Array.isArray(script) ? script : [script]
  if (items.length === 0) throw invalid('script', 'must hold at least one fault')
  return items.flatMap((item: unknown, index) =>
    parseFault(item, Array.isArray(script) ? `script[${index}]` : 'fault'),
  )
}

function parseFault(item: unknown, where: string): Fault[] {
  if (!isJsonObject(item)) throw invalid(where, 'must be an object')
  refuseUnknownNames(item, [...namesOf(item), ...termNames], where)
  const { statuses, ...rest } = item
  if (statuses === undefined) return [{ ...readAction(item, where), ...readTerms(item, where) }]
  if (!Array.isArray(statuses) || statuses.length === 0)
    throw invalid(`${where}.statuses`, 'must be a list of numbers')
  return statuses.map((status: unknown) => {
    const one = { times: 1, ...rest, kind: 'status', status }
    return { ...readAction(one, where), ...readTerms(one, where) }
  })
}

const actionNames: Readonly<Record<FaultAction['kind'], readonly string[]>> = {
  status: ['kind', 'status', 'retryAfter', 'body'],
  latency: ['kind', 'ms'],
  reset: ['kind'],
  partial: ['kind'],
  hang: ['kind'],
  garbage: ['kind'],
  large: ['kind', 'bytes'],
}

// `struck` stands in what the server lists, so that a list can be sent back.
const termNames = ['times', 'forMs', 'share', 'routes', 'when', 'struck']

function namesOf({ kind, statuses }: JsonObject): readonly string[] {
  if (statuses !== undefined) return ['statuses', ...actionNames.status]
  if (isKind(kind)) return actionNames[kind]
  return ['script', 'statuses', ...new Set(Object.values(actionNames).flat())]
}

function isKind(kind: unknown): kind is FaultAction['kind'] {
  return typeof kind === 'string' && Object.hasOwn(actionNames, kind)
}

function readAction(item: JsonObject, where: string): FaultAction {
  const { kind } = item
  switch (kind) {
    case 'status': {
      const status = readWhole(item, 'status', where, 200, 599)
      if (status === undefined) throw invalid(`${where}.status`, 'is missing')
      const { retryAfter, body } = item
      if (retryAfter !== undefined && !isHeaderValue(retryAfter)) {
        throw invalid(`${where}.retryAfter`, 'must be whole seconds or a line of plain text')
      }
      if (body !== undefined && typeof body !== 'string') throw invalid(`${where}.body`, 'must be text')
      return {
        kind,
        status,
        ...(retryAfter === undefined ? {} : { retryAfter }),
        ...(body === undefined ? {} : { body }),
      }
    }
    case 'latency':
      return { kind, ms: readWhole(item, 'ms', where, 0, longestMs) ?? 1_000 }
    case 'large':
      return { kind, bytes: readWhole(item, 'bytes', where, 0, largestBody) ?? 10_000_000 }
    case 'reset':
    case 'partial':
    case 'hang':
    case 'garbage':
      return { kind }
    default:
      throw invalid(`${where}.kind`, 'must be status, latency, reset, partial, hang, garbage or large')
  }
}

function readTerms(item: JsonObject, where: string): FaultTerms {
  const { routes, when } = item
  const times = readWhole(item, 'times', where, 1, Number.MAX_SAFE_INTEGER)
  const forMs = readWhole(item, 'forMs', where, 1, longestMs)
  const share = readNumber(item, 'share', where, 0, 1)
  if (when !== undefined && when !== 'before' && when !== 'after')
    throw invalid(`${where}.when`, 'must be before or after')
  return {
    ...(times === undefined ? {} : { times }),
    ...(forMs === undefined ? {} : { forMs }),
    ...(share === undefined ? {} : { share }),
    ...(routes === undefined ? {} : { routes: readRoutes(routes, where) }),
    ...(when === undefined ? {} : { when }),
  }
}

function readRoutes(routes: unknown, where: string): RouteName[] {
  if (Array.isArray(routes) && routes.every(isRouteName)) return routes
  throw invalid(`${where}.routes`, `must be a list out of ${routeNames.join(', ')}`)
}

function readNumber(
  item: JsonObject,
  field: string,
  where: string,
  least: number,
  most: number,
): number | undefined {
  const value = item[field]
  if (value === undefined) return undefined
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw invalid(`${where}.${field}`, `must be a number from ${least} to ${most}`)
}

function readWhole(
  item: JsonObject,
  field: string,
  where: string,
  least: number,
  most: number,
): number | undefined {
  const value = readNumber(item, field, where, least, most)
  if (value === undefined || Number.isInteger(value)) return value
  throw invalid(`${where}.${field}`, `must be a whole number from ${least} to ${most}`)
}

function isHeaderValue(value: unknown): value is string | number {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0
  return typeof value === 'string' && /^[\x20-\x7e]*$/.test(value)
}

function invalid(where: string, what: string): Problem {
  return new Problem(400, 'invalid_fault', `${where} ${what}`, { where })
}
