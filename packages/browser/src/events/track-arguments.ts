import type { Callback, CoreContext, CoreOptions, CoreSegmentEvent, EventProperties } from '@sluice/core'
import { isFunction, isPlainObject, isString } from '@sluice/core'

/** An event of `track` written as one object. */
export type TrackEvent = Pick<CoreSegmentEvent, 'event' | 'properties'>

/** Tells the arguments of `track` apart; its options come second when the event is one object. */
export function resolveArguments<Ctx extends CoreContext = CoreContext>(
  eventName: string | TrackEvent,
  properties?: EventProperties | Callback<Ctx> | null,
  options?: CoreOptions | Callback<Ctx> | null,
  callback?: Callback<Ctx>,
): [string, EventProperties, CoreOptions, Callback<Ctx> | undefined] {
  const whole = isPlainObject(eventName) ? (eventName as TrackEvent) : undefined
  const name = whole ? whole.event : eventName
  if (!name || !isString(name)) throw new Error('Event missing')

  const given = whole ? whole.properties : isPlainObject(properties) ? properties : undefined
  const chosen = whole && !isFunction(properties) ? properties : options
  return [
    name,
    given ?? {},
    isPlainObject(chosen) ? chosen : {},
    [properties, options, callback].find(isFunction) as Callback<Ctx> | undefined,
  ]
}
