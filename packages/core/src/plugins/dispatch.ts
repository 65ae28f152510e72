import type { CoreContext } from '../context'
import type { Anything } from '../events/json'
import { sleep } from '../flow/sleep'
import { pTimeout } from '../flow/time-limit'
import { hostClock } from '../host/clock'
import type { CoreEventQueue } from './event-queue'
import type { CorePlugin } from './types'

/** Hears how an event ended. A promise it answers is waited for, but not for long. */
export type Callback<Ctx extends CoreContext = CoreContext> = (ctx: Ctx) => Promise<unknown> | unknown

export interface DispatchOptions<Ctx extends CoreContext = CoreContext> {
  /** The callback is called no sooner than this many ms after the dispatch began. @default 300 */
  timeout?: number
  /** Print what was logged about the event when it has ended. */
  debug?: boolean
  callback?: Callback<Ctx>
}

/** How long a callback's own promise is waited for, in ms. */
export const callbackTimeout = 1_000

/**
 * Sends one event through a pipeline: tells the emitter that it begins, waits until it has ended, and calls the
 * callback. Resolves with the context in its final state.
 */
export async function dispatch<Ctx extends CoreContext>(
  ctx: Ctx,
  queue: CoreEventQueue<Ctx, CorePlugin<Ctx, Anything>>,
  emitter: { emit(event: 'dispatch_start', ctx: Ctx): unknown },
  { timeout, debug, callback }: DispatchOptions<Ctx> = {},
): Promise<Ctx> {
  emitter.emit('dispatch_start', ctx)
  const start = hostClock.elapsed()
  const ended = await (queue.isEmpty() ? queue.dispatchSingle(ctx) : queue.dispatch(ctx))
  const answered = callback ? await invokeCallback(ended, callback, delayLeft(start, timeout)) : ended
  if (debug) answered.flush()
  return answered
}

/** What is left of `timeout` ms (300 unless given) that began at `start`, a time in ms since 1970. */
export function getDelay(start: number, timeout?: number): number {
  return delayLeft(start, timeout, hostClock.now())
}

/** The same, of a time that began at `start` as `hostClock.elapsed` has it: it does not depend on the date. */
export function delayLeft(start: number, timeout?: number, now: number = hostClock.elapsed()): number {
  return Math.max((timeout ?? 300) - now + start, 0)
}

/**
 * Calls `callback` after `delay` ms. Whatever it does, this resolves with the context, at the latest a second after
 * the call; what went wrong stands in the context's logs.
 */
export async function invokeCallback<Ctx extends CoreContext>(
  ctx: Ctx,
  callback: Callback<Ctx>,
  delay: number,
): Promise<Ctx> {
  if (delay > 0) await sleep(delay)
  try {
    await pTimeout(callback(ctx), callbackTimeout)
  } catch (error) {
    ctx.log('warn', 'Callback Error', { error })
    ctx.stats.increment('callback_error')
  }
  return ctx
}
