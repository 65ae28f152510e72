import { backoff } from '@sluice/core'
import { type Clock, Pipeline } from '@sluice/core/internal'
import type { Context } from './context'
import type { Keeper } from './outbox/keeper'
import type { AnyPlugin } from './plugins/types'

/** Attempts of an event that a `before` plugin refuses, the first included. */
const maxAttempts = 10

/** Longest wait between two of them, in ms. */
const longestDelay = 60_000

/** The pipeline of a page. */
export class EventQueue extends Pipeline<Context, AnyPlugin> {
  /** Keeps events from the call on, so that none is lost while plugins have them. */
  keeper: Keeper | undefined
  /** Whether events that fail before they reach a destination are tried again. */
  isRetrying = false

  constructor(options: { clock?: Clock; pluginTimeout?: number } = {}) {
    super(options)
  }

  override process(ctx: Context, done: (ctx: Context) => void): void {
    const { messageId } = ctx.event
    let hasEnded = false
    super.process(ctx, (ended) => {
      hasEnded = true
      this.keeper?.ended(messageId, ended)
      if (ctx.attempts > 1) this.emit('flush', ended, !ended.failedDelivery())
      done(ended)
    })
    if (!hasEnded) this.keeper?.keep(ctx)
  }

  protected override retryDelayMs({ attempts }: Context): number | undefined {
    if (!this.isRetrying || attempts >= maxAttempts) return undefined
    return Math.min(backoff({ attempt: attempts }), longestDelay)
  }
}
