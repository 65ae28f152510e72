import type { CoreAnalytics } from '../analytics'
import type { CoreContext } from '../context'
import { isCancelation } from '../context-cancelation'
import type { Anything } from '../events/json'
import { Emitter } from '../flow/emitter'
import { createLane, type Lane, noPlace } from '../flow/lane'
import { createTaskGroup } from '../flow/task-group'
import { hostClock } from '../host/clock'
import { warn } from '../host/warn'
import type { CallSite } from '../ports/call-site'
import type { Clock } from '../ports/clock'
import { toError } from '../to-error'
import type { Dispatching } from './dispatch-event'
import { dispatchEvent } from './dispatch-event'
import type { Failure } from './failure'
import { failureOf, withFailure } from './failure'
import type { HookEnded } from './hook'
import { isCall } from './hook'
import { cloudDestination } from './integrations'
import { loadPlugin } from './load-plugin'
import { count, gauge, note } from './note'
import { type Registered, registered } from './registered'
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
 * So many steps of events are taken within each other, at most, where plugins make calls of their own; what goes deeper
 * waits until the others are done, and nobody runs out of stack.
 */
const deepest = 100

/**
 * The pipeline: holds the plugins and takes events through them, in order. Events wait while plugins of other types
 * than `destination` are loading, and leave the shaping plugins in the order in which they came, unless one of them
 * takes longer than others wait for it. Whatever plugins do, each event comes to its end, once.
 */
export abstract class Pipeline<
  Ctx extends CoreContext = CoreContext,
  Plugin extends CorePlugin<Ctx, Anything> = CorePlugin<Ctx, Anything>,
> extends Emitter<EventQueueEmitterContract<Ctx, Plugin>> {
  /** Work that all events wait for. */
  readonly criticalTasks = createTaskGroup()
  /** Names of the plugins that could not be loaded. */
  failedInitializations: string[] = []

  declare protected readonly clock: Clock
  declare private readonly lane: Lane
  private known: readonly Registered<Plugin>[] = []
  private all: Plugin[] = []
  private depth = 0
  private readonly loading = new Map<Plugin, Promise<boolean>>()
  declare private readonly dispatching: Dispatching<Ctx, Plugin>
  private readonly enriched = (ctx: Ctx, plugin: Plugin) => this.emit('message_enriched', ctx, plugin)

  constructor({ clock = hostClock, pluginTimeout = 0 }: EventQueueOptions = {}) {
    super()
    this.clock = clock
    this.lane = createLane(clock)
    this.dispatching = {
      limit: { clock, ms: pluginTimeout },
      loading: this.loading,
      failed: (ctx, { plugin, type }, reason) => {
        if (type === 'destination') this.emit('destination_failure', ctx, plugin, reason)
      },
    }
  }

  /** In the order of registration. */
  get plugins(): Plugin[] {
    return this.all
  }

  set plugins(plugins: Plugin[]) {
    this.known = plugins.map(
      (plugin) => this.known.find((other) => other.plugin === plugin) ?? registered(plugin),
    )
    this.all = plugins
  }

  /** Whether the pipeline is at work right now: what is called within a plugin's hook sees that it is. */
  get isAtWork(): boolean {
    return this.depth > 0
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
    const { name } = plugin
    this.plugins = [...this.plugins, plugin]
    const loaded = loadPlugin(ctx, plugin, instance, this.dispatching.limit).then(
      () => true,
      (error) => {
        this.plugins = this.plugins.filter((other) => other !== plugin)
        this.failedInitializations.push(name)
        note(ctx, 'warn', 'Failed to load destination', { plugin: name, error })
        warn(name, error)
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
      note(ctx, 'warn', 'Failed to unload destination', { plugin: plugin.name, error })
    }
  }

  /** Takes an event through the pipeline. Resolves when it has ended, well or badly; `failedDelivery()` tells which. */
  dispatchSingle(ctx: Ctx): Promise<Ctx> {
    return new Promise((resolve) => this.process(ctx, resolve))
  }

  /**
   * What `dispatchSingle` does, without a promise: an event for which nobody waits has ended when this returns. Whatever is
   * called for it later, `done` included, is called from `site`.
   */
  process(ctx: Ctx, done: (ctx: Ctx) => void, site?: CallSite): void {
    this.announce(ctx)
    let attempts = 0
    // Plugins may replace the context. Attempts are counted, and made, with the one that was given.
    const attempt = () => {
      attempts++
      // It may be frozen.
      Reflect.set(ctx, 'attempts', attempts)
      const ended: HookEnded<Ctx> = (last, failure) => {
        const delayMs = failure && mayRetry(failure.reason) ? this.retryDelayMs(ctx, attempts) : undefined
        if (delayMs === undefined) done(failure ? withFailure(last, failure) : last)
        else this.clock.after(delayMs, attempt)
      }
      this.deliver(ctx, ended, attempts > 1, site)
    }
    attempt()
  }

  /** In how many ms an event that failed, so many times so far, is taken again; `undefined` gives it up. */
  protected retryDelayMs(_ctx: Ctx, _attempts: number): number | undefined {
    return undefined
  }

  /** A listener that throws hurts nobody; it is told to the console. */
  protected override listenerFailed(event: string, reason: unknown): void {
    warn(`A listener of '${event}' threw`, reason)
  }

  protected announce(ctx: Ctx): void {
    note(ctx, 'debug', 'Dispatching')
    count(ctx, 'message_dispatched')
  }

  /**
   * One attempt. Tells once how it ended, with the context that came out at the end. One that is not the first has no
   * place among the others any more.
   */
  protected deliver(ctx: Ctx, done: HookEnded<Ctx>, isAgain = false, site?: CallSite): void {
    const start = this.clock.elapsed()
    const number = isAgain ? noPlace : this.lane.enter()
    let step = 0
    let isOver = false
    let isAtSite = false
    let undelivered: Failure | undefined

    const end: HookEnded<Ctx> = (last, failure) => {
      if (isOver) return
      isOver = true
      done(last, failure)
    }

    // All that an event goes through begins in here, so that nothing that foreign code has broken leads out of it.
    const goOn: HookEnded<Ctx> = (now, failure) => {
      // Plugins, the lane and our own destination are shared: it may be the turn of another event in which they go on.
      if (site && !isAtSite) {
        site.runInAsyncScope(() => {
          isAtSite = true
          goOn(now, failure)
          isAtSite = false
        })
        return
      }
      step++
      this.depth++
      try {
        if (step === 1) {
          if (!isCall(now.event.type)) throw new TypeError(`There are no events of type ${now.event.type}`)
          // The list is public: some add to it by themselves.
          if (this.all.length !== this.known.length) this.plugins = this.all
          shapeEvent(now, this.known, this.dispatching.limit, this.enriched, goOn)
        } else if (step === 2) this.lane.leave(number, () => goOn(now, failure))
        else if (failure) this.fail(now, failure, end)
        else if (step === 3) {
          dispatchEvent(now, 'destination', this.known, this.dispatching, (stop, failed) => {
            undelivered = failed
            goOn(failed ? withFailure(now, failed) : now, stop)
          })
        } else if (step === 4) {
          count(now, 'message_delivered')
          this.emit('message_delivered', now)
          // What these do changes nothing about an event that was delivered.
          dispatchEvent(now, 'after', this.known, this.dispatching, () => goOn(now))
        } else this.conclude(now, undelivered ?? failureOf(now), start, end)
      } catch (cause) {
        // Then it was whoever heard of the end.
        if (isOver) throw cause
        const isExpected = step < 3
        this.fail(ctx, { reason: new Error('Plugins left an event that cannot be used', { cause }) }, end)
        if (isExpected) this.lane.leave(number, () => {})
      } finally {
        this.depth--
      }
    }

    const begin = () => {
      const busy = this.criticalTasks.done()
      if (busy) {
        void busy.then(begin)
        return
      }
      if (isAgain) this.emit('delivery_retry', ctx)
      isAtSite = true
      goOn(ctx)
      isAtSite = false
    }
    if (this.depth < deepest) begin()
    else this.clock.after(0, begin)
  }

  private conclude(ctx: Ctx, failure: Failure | undefined, start: number, end: HookEnded<Ctx>): void {
    if (failure) {
      this.fail(ctx, { reason: toError(failure.reason) }, () => end(withFailure(ctx, failure)))
      return
    }
    gauge(ctx, 'delivered', this.clock.elapsed() - start)
    note(ctx, 'debug', 'Delivered', () => ctx.event)
    this.emit('delivery_success', ctx)
    end(ctx)
  }

  private fail(ctx: Ctx, failure: Failure, end: HookEnded<Ctx>): void {
    note(ctx, 'error', 'Failed to deliver', failure.reason as object)
    this.emit('delivery_failure', ctx, failure.reason)
    count(ctx, 'delivery_failed')
    end(ctx, failure)
  }
}

/** A plugin that drops an event may mean it for good. */
export function mayRetry(reason: unknown): boolean {
  return !isCancelation(reason) || reason.retry
}
