import type { CoreContext } from '../context'
import type { Anything } from '../events/json'
import type { PriorityQueue } from '../flow/priority-queue'
import { ON_REMOVE_FROM_FUTURE } from '../flow/priority-queue'
import type { CallSite } from '../ports/call-site'
import type { Failure } from './failure'
import { withFailure } from './failure'
import type { EventQueueOptions } from './pipeline'
import { mayRetry, Pipeline } from './pipeline'
import type { CorePlugin } from './types'

/** A pipeline with a queue in front of it, in which events wait for their turn and for further attempts. */
export abstract class CoreEventQueue<
  Ctx extends CoreContext = CoreContext,
  Plugin extends CorePlugin<Ctx, Anything> = CorePlugin<Ctx, Anything>,
> extends Pipeline<Ctx, Plugin> {
  /** Events that wait for their turn or for another attempt. */
  declare readonly queue: PriorityQueue<Ctx>

  private readonly waiting = new Map<string, ((ctx: Ctx) => void)[]>()
  private isFlushing = false

  constructor(priorityQueue: PriorityQueue<Ctx>, options?: EventQueueOptions) {
    super(options)
    this.queue = priorityQueue
    this.queue.on(ON_REMOVE_FROM_FUTURE, () => this.scheduleFlush())
  }

  /** Queues an event. Resolves when it has ended, well or badly; `failedDelivery()` of the context tells which. */
  dispatch(ctx: Ctx): Promise<Ctx> {
    this.announce(ctx)
    return new Promise((resolve) => {
      this.queue.push(ctx)
      const isOnItsWay = this.queue.includes(ctx) || this.waiting.has(ctx.id)
      if (isOnItsWay) this.onceEnded(ctx, resolve)
      else resolve(this.end(ctx, ctx, { reason: new Error('The event was tried too often') }))
      this.scheduleFlush()
    })
  }

  /** Takes an event through the pipeline at once, past the queue; it comes into the queue only to be tried again. */
  override process(ctx: Ctx, done: (ctx: Ctx) => void, site?: CallSite): void {
    this.announce(ctx)
    this.queue.updateAttempts(ctx)
    const tried = (ended?: Ctx) => {
      if (ended) done(ended)
      else this.onceEnded(ctx, done)
    }
    this.tryOnce(ctx, tried, 1, site)
  }

  /** Whether no event waits that could be taken now. */
  isEmpty(): boolean {
    return this.queue.length === 0
  }

  /** Takes the first waiting event through the pipeline. Resolves with it if that went well. */
  flush(): Promise<Ctx[]> {
    const ctx = this.queue.pop()
    if (!ctx) return Promise.resolve([])
    return new Promise((resolve) => {
      const tried = (ended?: Ctx, failure?: Failure) => {
        if (ended) this.tellEnd(ctx.id, ended)
        resolve(ended && !failure ? [ended] : [])
      }
      this.tryOnce(ctx, tried, this.queue.getAttempts(ctx))
    })
  }

  /** One attempt. Tells how the event ended, or nothing of it if it comes again. */
  private tryOnce(
    ctx: Ctx,
    tried: (ended?: Ctx, failure?: Failure) => void,
    attempts: number,
    site?: CallSite,
  ): void {
    const ended = (last: Ctx, failure?: Failure) => {
      const comesAgain = failure && mayRetry(failure.reason) && this.queue.pushWithBackoff(ctx)
      tried(comesAgain ? undefined : this.end(ctx, last, failure), failure)
    }
    // It may be frozen.
    Reflect.set(ctx, 'attempts', attempts)
    this.deliver(ctx, ended, attempts > 1, site)
  }

  // Plugins may have replaced the context. The queue counts, retries and answers by the one that it was given.
  private end(given: Ctx, ended: Ctx, failure?: Failure): Ctx {
    this.queue.settled(given)
    return failure ? withFailure(ended, failure) : ended
  }

  private onceEnded(ctx: Ctx, run: (ctx: Ctx) => void): void {
    const others = this.waiting.get(ctx.id)
    if (others) others.push(run)
    else this.waiting.set(ctx.id, [run])
  }

  private tellEnd(id: string, ended: Ctx): void {
    this.emit('flush', ended, !ended.failedDelivery())
    const waiting = this.waiting.get(id) ?? []
    this.waiting.delete(id)
    for (const run of waiting) run(ended)
  }

  private scheduleFlush(): void {
    if (this.isFlushing) return
    this.isFlushing = true
    this.clock.after(0, async () => {
      while (!this.isEmpty()) await this.flush()
      this.isFlushing = false
    })
  }
}
