import { assertUserIdentity, CoreEventFactory, ValidationError } from '@sluice/core'
import { hostClock, hostRandomness, isDate } from '@sluice/core/internal'
import type { Scope } from './scope'
import { withScope } from './scope'
import type { SegmentEvent } from './segment-event'

/** Builds the events of a server. */
export class NodeEventFactory extends CoreEventFactory {
  constructor() {
    super({ createMessageId, onFinishedEvent: assertUserIdentity })
  }
}

// Existing tools tell events of server libraries by this prefix.
function createMessageId(): string {
  return `node-next-${hostClock.now()}-${hostRandomness.uuid()}`
}

/** What a method may be given, before anybody has looked at it. */
export interface LooseParams {
  userId?: string | undefined
  anonymousId?: string | undefined
  previousId?: string | undefined
  groupId?: string | undefined
  event?: string | undefined
  name?: string | undefined
  category?: string | undefined
  properties?: Record<string, unknown> | undefined
  traits?: Record<string, unknown> | undefined
  context?: Record<string, unknown> | undefined
  timestamp?: Date | string | undefined
  integrations?: SegmentEvent['integrations']
  messageId?: string | undefined
}

export type Method = SegmentEvent['type']

/** Builds the event of one call, made within `scope` if there is one. Throws a `ValidationError` for what cannot be accepted. */
export function buildEvent(
  factory: NodeEventFactory,
  method: Method,
  params: LooseParams,
  scope: Scope | undefined,
): SegmentEvent {
  // Whatever has fields will do: modules have, and functions, and instances of classes with getters.
  if (Object(params) !== params) throw new ValidationError('params', `of ${method} is not an object`)
  const { integrations, messageId } = params
  const { context, userId, anonymousId } = withScope(params, scope, method)
  const timestamp = timeOf(params.timestamp)
  // Options that are undefined are as good as not given. The order of the two ids is that of the wire, and differs.
  const common = { context, timestamp, integrations, messageId }
  const options = { anonymousId, userId, ...common } as object
  switch (method) {
    case 'track':
      return factory.track(params.event as string, params.properties, {
        userId,
        anonymousId,
        ...common,
      } as object)
    case 'identify':
      return factory.identify(userId, params.traits, options)
    case 'page':
    case 'screen':
      return factory[method](params.category ?? null, params.name ?? null, params.properties, options)
    case 'group':
      return factory.group(params.groupId, params.traits, options)
    case 'alias':
      return factory.alias(userId, params.previousId ?? null, common as object)
  }
}

/** A time of any make that knows its JSON, such as those of Temporal, whose name of a zone is no part of ISO 8601. */
function timeOf(given: LooseParams['timestamp']): LooseParams['timestamp'] {
  const { toJSON }: { toJSON?: unknown } = Object(given)
  if (isDate(given) || typeof toJSON !== 'function') return given
  return String(toJSON.call(given)).replace(/\[.*/, '')
}
