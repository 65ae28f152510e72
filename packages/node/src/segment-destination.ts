import type { Delivery, SettlingDestination } from '@sluice/core/internal'
import { acceptEvent, cloudDestination, encodeEvent, packEvent } from '@sluice/core/internal'
import type { Context } from './context'
import type { Plugin } from './plugin'
import { runtimeMetadata } from './runtime'
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
): Plugin & SettlingDestination<Context> {
  const library = { name: libraryName, version }
  const metadata = runtimeMetadata()

  const accept = (ctx: Context, settled: () => void) => {
    const { event } = ctx
    const { messageId = '' } = event
    event.context = { ...event.context, library }
    event._metadata = { ...event._metadata, ...metadata }
    const encoded = encodeEvent(event, maxEventBytes, options.byteLength)
    if ('error' in encoded) {
      ctx.setFailedDelivery({ reason: encoded.error })
      settled()
      return
    }
    if (!options.hasFollowers()) ctx[packEvent](encoded.json)
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
