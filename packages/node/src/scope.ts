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

/** The parameters of a call, with what its scope knows filled in. What is no object is left for others to refuse. */
export function withScope(params: LooseParams, scope: Scope, method: Method): LooseParams {
  const isUsable: boolean = isPlainObject(params)
  if (!isUsable) return params
  const context = { ...scope.context, ...given(params.context) }
  if (method === 'alias') return { ...params, context }
  return {
    ...params,
    context,
    userId: params.userId ?? scope.userId,
    anonymousId: params.anonymousId ?? scope.anonymousId,
  }
}

/** A scope within a scope: what the inner one leaves open comes from the outer one. */
export function nestScopes(inner: Scope, outer: Scope | undefined): Scope {
  return { ...outer, ...given(inner), context: { ...outer?.context, ...given(inner.context) } }
}

/** The fields that are given: `undefined` is as good as left out, and what is no object has none. */
function given<Fields extends object>(fields: Fields | undefined): Partial<Fields> {
  const entries = isPlainObject(fields) ? Object.entries(fields) : []
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Partial<Fields>
}
