import type { CorePlugin } from '@sluice/core'
import type { Anything, Delivery, Encoded, SettlingDestination } from '@sluice/core/internal'
import { acceptEvent, cloudDestination, encodeEvent, packEvent, toError } from '@sluice/core/internal'
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
  /** Whether other plugins will want to see the event after this one. */
  hasFollowers(): boolean
}

/** The destination that stands for the Tracking API: signs each event with the library's name and hands it to delivery. */
export function createSegmentDestination(
  options: SegmentDestinationOptions,
): CorePlugin<Context, Anything> & SettlingDestination<Context> {
  const library = { name: libraryName, version }
  const metadata = runtimeMetadata()

  const sign = (event: SegmentEvent) => {
    event.context = { ...event.context, library: { ...event.context?.library, ...library } }
    event._metadata = { ...event._metadata, ...metadata }
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

  const accept = (ctx: Context, settled: () => void) => {
    const encoded = encode(ctx)
    if ('error' in encoded) {
      ctx.setFailedDelivery({ reason: encoded.error })
      settled()
      return
    }
    const { messageId = '' } = ctx.event
    // A plugin may have put a context of another make in the place of ours.
    if (!options.hasFollowers()) ctx[packEvent]?.(encoded.json)
    const parcel = {
      id: messageId,
      json: encoded.json,
      bytes: encoded.bytes,
      settle(failure?: { readonly reason: unknown }) {
        if (failure) ctx.setFailedDelivery({ reason: failure.reason })
        settled()
      },
    }
    options.delivery.add(parcel, options.isFlushing())
  }

  const send = (ctx: Context) => new Promise<Context>((resolve) => accept(ctx, () => resolve(ctx)))
  return {
    name: cloudDestination,
    type: 'destination',
    version: '1.0.0',
    isLoaded: () => true,
    load: () => Promise.resolve(),
    [acceptEvent]: accept,
    alias: send,
    group: send,
    identify: send,
    page: send,
    screen: send,
    track: send,
  }
}
