import { isPlainObject } from '@sluice/core'
import type { ExtraContext } from './params'
import type { SegmentEvent } from './segment-event'

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

interface Surroundings {
  readonly userId?: string | undefined
  readonly anonymousId?: string | undefined
  readonly context?: Record<string, unknown> | undefined
}

/** Who a call is about and what surrounds it, with what its scope knows filled in. */
export function withScope(
  { userId, anonymousId, context }: Surroundings,
  scope: Scope | undefined,
  method: SegmentEvent['type'],
): Surroundings {
  if (!scope) return { userId, anonymousId, context }
  const whole = { ...scope.context, ...given(context) }
  if (method === 'alias') return { userId, anonymousId, context: whole }
  return {
    userId: userId ?? scope.userId,
    anonymousId: anonymousId ?? scope.anonymousId,
    context: whole,
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
