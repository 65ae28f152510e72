import { backoff } from '@sluice/core'
import { type Clock, Pipeline } from '@sluice/core/internal'
import type { Context } from './context'
import type { Keeper } from './outbox/keeper'
import type { AnyPlugin } from './plugins/types'

/** Attempts of an event that a `before` plugin refuses, the first included, on all pages together. */
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
    const { event } = ctx
    const { messageId } = event
    let hasEnded = false
    try {
      super.process(ctx, (ended) => {
        hasEnded = true
        this.keeper?.ended(messageId, ended)
        if (ctx.attempts > 1) this.emit('flush', ended, !ended.failedDelivery())
        done(ended)
      })
    } finally {
      if (!hasEnded) {
        // A plugin that is still at work may have taken it out.
        if (!ctx.event?.type) ctx.event = event
        this.keeper?.keep(ctx)
      }
    }
  }

  protected override deliver(
    ctx: Context,
    done: (last: Context, failure?: { reason: unknown }) => void,
    isAgain?: boolean,
  ): void {
    if (isAgain) this.keeper?.again(ctx)
    super.deliver(ctx, done, isAgain)
  }

  protected override retryDelayMs(ctx: Context, attempts: number): number | undefined {
    if (!this.isRetrying) return undefined
    const attempt = Math.max(attempts, this.keeper?.attempts(ctx) ?? 0)
    return attempt < maxAttempts ? Math.min(backoff({ attempt }), longestDelay) : undefined
  }
}
