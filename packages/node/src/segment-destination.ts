import { type CorePlugin, isPlainObject } from '@sluice/core'
import type { Anything, Delivery, Encoded, Settled } from '@sluice/core/internal'
import { cloudDestination, encodeEvent, packEvent, settlingHook, toError } from '@sluice/core/internal'
import type { Context } from './context'
import { runtimeMetadata } from './runtime'
import type { SegmentEvent } from './segment-event'
import { libraryName, version } from './version'

/** Larger events are refused by the Tracking API, in bytes. */
const maxEventBytes = 32 * 1024

export interface SegmentDestinationOptions {
  readonly delivery: Delivery
  byteLength(text: string): number
  /** Whether somebody is waiting for what has been accepted so far. */
  isFlushing(): boolean
  /** Whether somebody may look at the event before its end: then it stays as it is. */
  isWatched(): boolean
}

/** The destination that stands for the Tracking API: signs each event with the library's name and hands it to delivery. */
export function createSegmentDestination(options: SegmentDestinationOptions): CorePlugin<Context, Anything> {
  const library = { name: libraryName, version }
  const metadata = runtimeMetadata()

  const sign = (event: SegmentEvent) => {
    const context = fieldsOf(event.context)
    event.context = { ...context, library: { ...fieldsOf(context.library), ...library } }
    event._metadata = { ...fieldsOf(event._metadata), ...metadata }
    return event
  }

  // Plugins may have made of the event what they like, something that cannot even be signed included.
  const encode = (ctx: Context): Encoded => {
    try {
      return encodeEvent(sign(ctx.event), maxEventBytes, options.byteLength)
    } catch (reason) {
      return { error: toError(reason) }
    }
  }

  const send = settlingHook((ctx: Context, settled: Settled) => {
    const encoded = encode(ctx)
    if ('error' in encoded) return settled({ reason: encoded.error })
    const { messageId = '' } = ctx.event
    // A plugin may have put a context of another make in the place of ours.
    if (!options.isWatched()) ctx[packEvent]?.(encoded.json)
    const { json, bytes } = encoded
    options.delivery.add({ id: messageId, json, bytes, settle: settled }, options.isFlushing())
  })
  return {
    name: cloudDestination,
    type: 'destination',
    version: '1.0.0',
    isLoaded: () => true,
    load: () => Promise.resolve(),
    alias: send,
    group: send,
    identify: send,
    page: send,
    screen: send,
    track: send,
  }
}

/** The fields of an object; anything else has none that could be spread. */
function fieldsOf<Fields extends object>(value: Fields | undefined): Partial<Fields> {
  return isPlainObject(value) ? value : {}
}
