import type { CoreAnalytics } from '../analytics'
import type { CoreContext } from '../context'
import { type ContextCancelation, isCancelation } from '../context-cancelation'
import { toError } from '../errors'
import type { Anything } from '../events/json'
import { Emitter } from '../flow/emitter'
import { createLane } from '../flow/lane'
import { createTaskGroup } from '../flow/task-group'
import { hostClock } from '../host/clock'
import { host } from '../host/globals'
import type { Clock } from '../ports/clock'
import type { Dispatching } from './dispatch-event'
import { dispatchEvent } from './dispatch-event'
import type { HookRules } from './hook'
import { cloudDestination } from './integrations'
import { loadPlugin } from './load-plugin'
import type { ShapeEnd, Shaping } from './shape-event'
import { shapeEvent } from './shape-event'
import type { CorePlugin } from './types'

export type EventQueueEmitterContract<
  Ctx extends CoreContext = CoreContext,
  Plugin extends CorePlugin<Ctx, Anything> = CorePlugin<Ctx, Anything>,
> = {
  /** A `before` or `enrichment` plugin is done, and the event goes on. */
  message_enriched: [ctx: Ctx, plugin: Plugin]
  /** Every destination is done. */
  message_delivered: [ctx: Ctx]
  delivery_success: [ctx: Ctx]
  /** A further attempt begins. */
  delivery_retry: [ctx: Ctx]
  delivery_failure: [ctx: Ctx, error: unknown]
  /** A queued event has ended. */
  flush: [ctx: Ctx, delivered: boolean]
  /** A plugin could not be loaded and was removed. */
  initialization_failure: [plugin: Plugin]
  /** A destination failed to take an event; the others, and the event itself, were not touched by it. */
  destination_failure: [ctx: Ctx, plugin: Plugin, reason: unknown]
}

export interface EventQueueOptions {
  clock?: Clock
  /** How long a plugin may take to load, and each of its hooks to answer, in ms. `0`: for ever. @default 0 */
  pluginTimeout?: number
}

/** Why an attempt to deliver an event went wrong. */
export interface Failure {
  readonly reason: unknown
}

/**
 * The pipeline: holds the plugins and takes events through them, in order. Events wait while plugins of other types
 * than `destination` are loading, and leave the shaping plugins in the order in which they came, however long each
 * of them took.
 */
export abstract class Pipeline<
  Ctx extends CoreContext = CoreContext,
  Plugin extends CorePlugin<Ctx, Anything> = CorePlugin<Ctx, Anything>,
> extends Emitter<EventQueueEmitterContract<Ctx, Plugin>> {
  /** Work that all events wait for. */
  readonly criticalTasks = createTaskGroup()
  /** In the order of registration. */
  plugins: Plugin[] = []
  /** Names of the plugins that could not be loaded. */
  failedInitializations: string[] = []

  protected readonly clock: Clock
  private readonly lane = createLane()
  private readonly loading = new Map<unknown, Promise<boolean>>()
  private readonly rules: HookRules
  private readonly shaping: Shaping<Ctx, Plugin>
  private readonly sending: Dispatching<Ctx, Plugin>
  private readonly following: Dispatching<Ctx, Plugin>

  constructor({ clock = hostClock, pluginTimeout = 0 }: EventQueueOptions = {}) {
    super()
    this.clock = clock
    this.rules = { clock, ms: pluginTimeout }
    this.shaping = this.createShaping()
    this.sending = this.createDispatching((ctx, plugin, reason) =>
      this.emit('destination_failure', ctx, plugin, reason),
    )
    this.following = this.createDispatching(() => {})
  }

  /**
   * Adds a plugin and loads it. Resolves when it is loaded; for a destination, which loads while events flow, at
   * once. A plugin that cannot be loaded is removed; that is told by `initialization_failure`, not by a rejection.
   */
  async register<Analytics extends CoreAnalytics>(
    ctx: Ctx,
    plugin: Plugin,
    instance: Analytics,
  ): Promise<void> {
    this.plugins = [...this.plugins, plugin]
    const loaded = this.load(ctx, plugin, instance)
    if (plugin.type !== 'destination' || plugin.name === cloudDestination) {
      await loaded
      return
    }
    this.loading.set(plugin, loaded)
    void loaded.then(() => this.loading.delete(plugin))
  }

  /** Unloads the plugin and removes it, along with all others of its name. If `unload` fails it stays. */
  async deregister<Analytics extends CoreAnalytics>(
    ctx: Ctx,
    plugin: Plugin,
    instance: Analytics,
  ): Promise<void> {
    try {
      await plugin.unload?.(ctx, instance)
      this.plugins = this.plugins.filter((other) => other.name !== plugin.name)
    } catch (error) {
      ctx.log('warn', 'Failed to unload destination', { plugin: plugin.name, error })
    }
  }

  /** Takes an event through the pipeline. Resolves when it has ended, well or badly; `failedDelivery()` tells which. */
  dispatchSingle(ctx: Ctx): Promise<Ctx> {
    return new Promise((resolve) => this.process(ctx, resolve))
  }

  /** What `dispatchSingle` does, without a promise: an event for which nobody waits has ended when this returns. */
  process(ctx: Ctx, done: (ctx: Ctx) => void): void {
    this.announce(ctx)
    ctx.attempts = 0
    this.attempt(ctx, done)
  }

  /**
   * In how many ms an event that failed is taken through the pipeline again; `undefined` gives it up. `ctx.attempts`
   * counts its attempts so far.
   */
  protected retryDelayMs(_ctx: Ctx): number | undefined {
    return undefined
  }

  /** A listener that throws hurts nobody; it is told to the console. */
  protected override listenerFailed(event: string, reason: unknown): void {
    host.console.warn(`A listener of '${event}' threw`, reason)
  }

  protected announce(ctx: Ctx): void {
    ctx.log('debug', 'Dispatching')
    ctx.stats.increment('message_dispatched')
  }

  /** One attempt. Tells how it ended, with the context that came out at the end. */
  protected deliver(ctx: Ctx, done: (ctx: Ctx, failure?: Failure) => void): void {
    const start = this.clock.now()
    const number = this.lane.enter()
    this.whenReady(() => {
      if (ctx.attempts > 1) this.emit('delivery_retry', ctx)
      shapeEvent(ctx, this.shaping, (end) =>
        this.lane.leave(number, () => {
          if (end.type === 'shaped') this.send(end.ctx, start, done)
          else this.refuse(end.ctx, reasonOf(end), done)
        }),
      )
    })
  }

  // Plugins may have replaced the context. Attempts are counted, and made, with the one that was given.
  private attempt(ctx: Ctx, done: (ctx: Ctx) => void): void {
    ctx.attempts++
    this.deliver(ctx, (ended, failure) => {
      const delayMs = failure && mayRetry(failure.reason) ? this.retryDelayMs(ctx) : undefined
      if (delayMs !== undefined) {
        this.clock.after(delayMs, () => this.attempt(ctx, done))
        return
      }
      if (failure) ended.setFailedDelivery(failure)
      done(ended)
    })
  }

  private send(ctx: Ctx, start: number, done: (ctx: Ctx, failure?: Failure) => void): void {
    dispatchEvent(ctx, 'destination', this.sending, (stopped) => {
      if (stopped) {
        this.refuse(ctx, namedCancelation(stopped.cancelation, stopped.by), done)
        return
      }
      ctx.stats.increment('message_delivered')
      this.emit('message_delivered', ctx)
      dispatchEvent(ctx, 'after', this.following, () => {
        const failure = ctx.failedDelivery()
        if (failure) this.tellFailure(ctx, toError(failure.reason))
        else this.tellSuccess(ctx, start)
        done(ctx)
      })
    })
  }

  private refuse(ctx: Ctx, reason: unknown, done: (ctx: Ctx, failure: Failure) => void): void {
    this.tellFailure(ctx, reason)
    done(ctx, { reason })
  }

  private tellSuccess(ctx: Ctx, start: number): void {
    ctx.stats.gauge('delivered', this.clock.now() - start)
    ctx.log('debug', 'Delivered', () => ctx.event)
    this.emit('delivery_success', ctx)
  }

  private tellFailure(ctx: Ctx, reason: unknown): void {
    ctx.log('error', 'Failed to deliver', reason as object)
    this.emit('delivery_failure', ctx, reason)
    ctx.stats.increment('delivery_failed')
  }

  private createShaping(): Shaping<Ctx, Plugin> {
    const queue = this
    return {
      get plugins() {
        return queue.plugins
      },
      rules: this.rules,
      enriched: (ctx, plugin) => this.emit('message_enriched', ctx, plugin),
    }
  }

  private createDispatching(failed: Dispatching<Ctx, Plugin>['failed']): Dispatching<Ctx, Plugin> {
    const queue = this
    return {
      get plugins() {
        return queue.plugins
      },
      rules: { ...this.rules, keepsContext: true },
      loading: (plugin) => this.loading.get(plugin),
      failed,
    }
  }

  private whenReady(run: () => void): void {
    const busy = this.criticalTasks.done()
    if (busy) void busy.then(() => this.whenReady(run))
    else run()
  }

  private load<Analytics extends CoreAnalytics>(
    ctx: Ctx,
    plugin: Plugin,
    instance: Analytics,
  ): Promise<boolean> {
    return loadPlugin(ctx, plugin, instance, this.rules).then(
      () => true,
      (error) => {
        this.plugins = this.plugins.filter((other) => other !== plugin)
        this.failedInitializations.push(plugin.name)
        ctx.log('warn', 'Failed to load destination', { plugin: plugin.name, error })
        host.console.warn(plugin.name, error)
        this.emit('initialization_failure', plugin)
        return false
      },
    )
  }
}

/** A plugin that drops an event may mean it for good. */
export function mayRetry(reason: unknown): boolean {
  return !isCancelation(reason) || reason.retry
}

function reasonOf<Ctx>(end: Exclude<ShapeEnd<Ctx>, { type: 'shaped' }>): unknown {
  return end.type === 'failed' ? end.reason : namedCancelation(end.cancelation, end.by)
}

function namedCancelation(cancelation: ContextCancelation, by: string): ContextCancelation {
  cancelation.by = by
  return cancelation
}
