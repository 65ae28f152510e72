import type { CoreAnalytics } from '../analytics'
import type { CoreContext } from '../context'
import { isCancelation } from '../context-cancelation'
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
import type { Failure, HookEnded } from './hook'
import { cloudDestination } from './integrations'
import { loadPlugin } from './load-plugin'
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
  private readonly loading = new Map<Plugin, Promise<boolean>>()
  private readonly dispatching: Dispatching<Ctx, Plugin>

  constructor({ clock = hostClock, pluginTimeout = 0 }: EventQueueOptions = {}) {
    super()
    this.clock = clock
    this.dispatching = {
      limit: { clock, ms: pluginTimeout },
      loading: this.loading,
      failed: (ctx, plugin, reason) => {
        if (plugin.type === 'destination') this.emit('destination_failure', ctx, plugin, reason)
      },
    }
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
    const loaded = loadPlugin(ctx, plugin, instance, this.dispatching.limit).then(
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
    // Plugins may replace the context. Attempts are counted, and made, with the one that was given.
    const attempt = () => {
      ctx.attempts++
      this.deliver(ctx, (ended, failure) => {
        const delayMs = failure && mayRetry(failure.reason) ? this.retryDelayMs(ctx) : undefined
        if (delayMs !== undefined) {
          this.clock.after(delayMs, attempt)
          return
        }
        if (failure) ended.setFailedDelivery(failure)
        done(ended)
      })
    }
    attempt()
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
  protected deliver(ctx: Ctx, done: HookEnded<Ctx>): void {
    const start = this.clock.now()
    const number = this.lane.enter()
    const shape = () => {
      const busy = this.criticalTasks.done()
      if (busy) {
        void busy.then(shape)
        return
      }
      if (ctx.attempts > 1) this.emit('delivery_retry', ctx)
      shapeEvent(
        ctx,
        this.plugins,
        this.dispatching.limit,
        (next, plugin) => this.emit('message_enriched', next, plugin),
        (shaped, failure) =>
          this.lane.leave(number, () => {
            if (failure) this.fail(shaped, failure, done)
            else this.send(shaped, start, done)
          }),
      )
    }
    shape()
  }

  private send(ctx: Ctx, start: number, done: HookEnded<Ctx>): void {
    dispatchEvent(ctx, 'destination', this.plugins, this.dispatching, (stop) => {
      if (stop) {
        this.fail(ctx, stop, done)
        return
      }
      ctx.stats.increment('message_delivered')
      this.emit('message_delivered', ctx)
      dispatchEvent(ctx, 'after', this.plugins, this.dispatching, () => {
        const failure = ctx.failedDelivery()
        if (failure) {
          this.fail(ctx, { reason: toError(failure.reason) }, () => done(ctx))
          return
        }
        ctx.stats.gauge('delivered', this.clock.now() - start)
        ctx.log('debug', 'Delivered', () => ctx.event)
        this.emit('delivery_success', ctx)
        done(ctx)
      })
    })
  }

  private fail(ctx: Ctx, failure: Failure, done: HookEnded<Ctx>): void {
    ctx.log('error', 'Failed to deliver', failure.reason as object)
    this.emit('delivery_failure', ctx, failure.reason)
    ctx.stats.increment('delivery_failed')
    done(ctx, failure)
  }
}

/** A plugin that drops an event may mean it for good. */
export function mayRetry(reason: unknown): boolean {
  return !isCancelation(reason) || reason.retry
}
