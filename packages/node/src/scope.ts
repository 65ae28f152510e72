import { isPlainObject } from '@sluice/core'
import type { LooseParams, Method } from './event-factory'
import type { ExtraContext } from './params'

/** What all calls within one request, job or task have in common. */
export interface Scope {
  /** Used by calls that don't give their own. */
  userId?: string | undefined
  /** Used by calls that don't give their own. */
  anonymousId?: string | undefined
  /** Laid beneath the context of each call, field by field. */
  context?: ExtraContext | undefined
  /** That of the request, on platforms that give each request its own; see the setting of the same name. */
  waitUntil?: ((work: Promise<unknown>) => void) | undefined
}

/** Who a call is about and what surrounds it, with what its scope knows filled in. */
export function withScope(
  { userId, anonymousId, context }: LooseParams,
  scope: Scope | undefined,
  method: Method,
): Pick<LooseParams, 'userId' | 'anonymousId' | 'context'> {
  if (!scope) return { userId, anonymousId, context }
  const surroundings = { ...scope.context, ...given(context) }
  if (method === 'alias') return { userId, anonymousId, context: surroundings }
  return {
    userId: userId ?? scope.userId,
    anonymousId: anonymousId ?? scope.anonymousId,
    context: surroundings,
  }
}

/** A scope within a scope: what the inner one leaves open comes from the outer one. */
export function nestScopes(
  { userId, anonymousId, context, waitUntil }: Scope,
  outer: Scope | undefined,
): Scope {
  return {
    ...outer,
    ...given({ userId, anonymousId, waitUntil }),
    context: { ...outer?.context, ...given(context) },
  }
}

/** The fields that are given: `undefined` is as good as left out, and what is no object has none. */
function given<Fields extends object>(fields: Fields | undefined): Partial<Fields> {
  const entries = isPlainObject(fields) ? Object.entries(fields) : []
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Partial<Fields>
}
