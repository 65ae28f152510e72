import { type CoreAnalytics, type CorePlugin, Emitter, ValidationError } from '@sluice/core'
import type { CallSite, Delivery, Failure } from '@sluice/core/internal'
import {
  assertPlugin,
  bindMethods,
  fence,
  isCancelation,
  QueueFullError,
  warn,
  withFailure,
} from '@sluice/core/internal'
import { asyncDispose } from './async-dispose'
import { composeDelivery } from './compose'
import { Context } from './context'
import type { LooseParams, Method } from './event-factory'
import { buildEvent, NodeEventFactory } from './event-factory'
import { NodeEventQueue } from './event-queue'
import type { NodeEmitterEvents } from './events'
import type { Authorization } from './http/authorization'
import type {
  AliasParams,
  CloseAndFlushParams,
  FlushParams,
  GroupParams,
  IdentifyParams,
  PageParams,
  Scoped,
  TrackParams,
} from './params'
import type { Callback, PendingEvent, PendingEvents } from './pending-events'
import { createPendingEvents } from './pending-events'
import type { Platform, Scopes } from './platform/platform'
import type { Scope } from './scope'
import { nestScopes } from './scope'
import { createSegmentDestination } from './segment-destination'
import type { SegmentEvent } from './segment-event'
import type { AnalyticsSettings, Config } from './settings'
import { readSettings } from './settings'
import { validateServerEvent } from './validate-event'
import { libraryName, version } from './version'

/** Node and Deno call the method of this name. */
const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom')

type Inspect = (value: unknown, options: unknown) => string

/** How many events the client has been given, and what became of them. */
export interface EventCounts {
  accepted: number
  delivered: number
  /** Not delivered; an `error` event told of each. */
  failed: number
  /** Dropped by a plugin; a `dropped` event told of each. */
  dropped: number
  /** On their way. */
  pending: number
  /** Size of those that are encoded and not delivered, in bytes. */
  pendingBytes: number
}

/** An event as a call has it, and what is wrong with it. */
interface Built {
  readonly event: SegmentEvent
  readonly fault?: Failure | undefined
}

/** A client whose calls need no id of their own, because they are made within a scope that has one. */
export interface ScopedAnalytics {
  track(params: Scoped<TrackParams>, callback?: Callback): void
  identify(params: Scoped<IdentifyParams>, callback?: Callback): void
  page(params: Scoped<PageParams>, callback?: Callback): void
  screen(params: Scoped<PageParams>, callback?: Callback): void
  group(params: Scoped<GroupParams>, callback?: Callback): void
  alias(params: AliasParams, callback?: Callback): void
}

/**
 * An extension of the pipeline; see `CorePlugin` for its hooks.
 *
 * @example
 * const withPlan: Plugin = {
 *   name: 'With plan', type: 'enrichment', version: '1.0.0', isLoaded: () => true, load: async () => {},
 *   track(ctx) { ctx.updateEvent('context.plan', 'pro'); return ctx },
 * }
 */
export interface Plugin extends CorePlugin<Context, AnalyticsClient> {}

/** What `Analytics` is on every runtime; the entry points give it their platform. */
export class AnalyticsClient extends Emitter<NodeEmitterEvents> implements CoreAnalytics {
  /** Resolves when the client is complete. There is no need to wait for it: events do. */
  readonly ready: Promise<void>

  // What the settings say beyond this is not kept: a client that somebody logs has no secrets to show.
  private readonly config: Pick<Config, 'disable' | 'maxQueueSize' | 'throwsOnFaults' | 'waitUntil'>
  private readonly platform: Platform
  private readonly callSite: () => CallSite
  private readonly factory = new NodeEventFactory()
  private readonly _queue: NodeEventQueue<Plugin>
  private readonly _closeAndFlushDefaultTimeout: number
  private readonly delivery: Delivery
  private readonly authorization: Authorization
  private readonly lastFailure: () => unknown
  private readonly pending: PendingEvents
  private readonly seen = { accepted: 0, delivered: 0, failed: 0, dropped: 0 }
  private readonly watchers = new Set<unknown>()
  private scopes: Scopes<Scope> | undefined
  private isClosed = false
  private flushCalls = 0
  private waiters = 0

  /** @throws ValidationError for the first setting that cannot be used; it names it. */
  constructor(settings: AnalyticsSettings, platform: Platform) {
    super()
    const config = readSettings(settings)
    const { disable, maxQueueSize, throwsOnFaults, waitUntil } = config
    this.config = { disable, maxQueueSize, throwsOnFaults, waitUntil }
    this.platform = platform
    this.callSite = platform.createCallSites()
    const { clock } = platform
    this._closeAndFlushDefaultTimeout = Math.max(60_000, config.flushInterval) * 1.25
    this.pending = createPendingEvents({
      clock,
      ended: (ctx, type, failure) => this.tellEnd(ctx, type, failure),
      drained: () => this.emit('drained'),
    })
    const { delivery, authorization, lastFailure } = composeDelivery(config, platform, {
      onRequest: (request) => this.emit('http_request', request),
      onResponse: (response) => this.emit('http_response', response),
      onBatch: (batch) => this.emit('flush', batch),
    })
    this.delivery = delivery
    this.authorization = authorization
    this.lastFailure = lastFailure
    this._queue = new NodeEventQueue<Plugin>(clock, config.pluginTimeout)
    this._queue.on('destination_failure', (ctx, _plugin, reason) => {
      this.emit('error', { code: 'destination_failure', reason, ctx })
    })
    this._queue.plugins = [
      createSegmentDestination({
        delivery,
        byteLength: platform.byteLength,
        isFlushing: () => this.waiters > 0,
        isWatched: () => this._queue.plugins.length > 1 || this.isHeard('dispatch_start'),
      }),
    ]
    this.ready = Promise.resolve().then(() => {
      this.emit('register', ['Segment.io'])
    })
    this.emit('initialize', settings)
    bindMethods(this, AnalyticsClient.prototype)
  }

  /** The version of this library. */
  get VERSION(): string {
    return version
  }

  /**
   * Records that somebody did something.
   * @throws ValidationError if it has no id or no name. What else the Tracking API would discard is reported, as `error` and to
   * the callback, and throws with the `defaults` of 2026-12 only.
   * @example analytics.track({ userId: '42', event: 'Order Completed', properties: { total: 9.5 } })
   */
  track(params: TrackParams, callback?: Callback): void {
    this.call('track', params, callback)
  }

  /**
   * Tells who somebody is, and what is known about them.
   * @throws ValidationError, like `track`.
   * @example analytics.identify({ userId: '42', traits: { email: 'ada@example.com', plan: null } })
   */
  identify(params: IdentifyParams, callback?: Callback): void {
    this.call('identify', params, callback)
  }

  /** Records that somebody looked at a page. @throws ValidationError, like `track`. */
  page(params: PageParams, callback?: Callback): void {
    this.call('page', params, callback)
  }

  /** Records that somebody looked at a screen of an app. @throws ValidationError, like `track`. */
  screen(params: PageParams, callback?: Callback): void {
    this.call('screen', params, callback)
  }

  /** Puts a user into a company, team or account. @throws ValidationError, like `track`. */
  group(params: GroupParams, callback?: Callback): void {
    this.call('group', params, callback)
  }

  /** Tells that two ids are the same person. @throws ValidationError, like `track`. */
  alias(params: AliasParams, callback?: Callback): void {
    this.call('alias', params, callback)
  }

  /**
   * Adds plugins. Events wait until those that are no destinations have loaded. Resolves when all that is done; a
   * plugin that cannot be loaded is warned of on the console and left out.
   * Rejects with a `ValidationError`, and adds none, if one of them is no plugin.
   */
  async register(...plugins: Plugin[]): Promise<void> {
    for (const plugin of plugins) assertPlugin(plugin)
    await this._queue.criticalTasks.run(async () => {
      const ctx = Context.system()
      await Promise.all(plugins.map((plugin) => this._queue.register(ctx, plugin, this)))
      this.emit(
        'register',
        plugins.map(({ name }) => name),
      )
    })
  }

  /** Unloads and removes plugins, all that have one of these names. Unknown names are passed over. */
  async deregister(...names: string[]): Promise<void> {
    const ctx = Context.system()
    await Promise.all(
      names.map((name) => {
        const plugin = this._queue.plugins.find((known) => known.name === name)
        if (plugin) return this._queue.deregister(ctx, plugin, this)
        ctx.log('warn', `plugin ${name} not found`)
        return undefined
      }),
    )
    this.emit('deregister', names)
  }

  /**
   * Sends what has been accepted so far, at once, and resolves when every one of these events has come to its end.
   * Events that come later are not waited for. Never rejects for what happens to events: listen to `error`.
   *
   * With a `timeout` it resolves by then. If it also closes, whatever is left by then has failed, and `error` has told
   * of each event before this resolves; if not, it goes on in the background, and the console says how many events are left.
   *
   * Rejects with a `ValidationError` if `timeout` is negative or no number.
   */
  async flush(params?: FlushParams | null): Promise<void> {
    const { timeout, close = false } = params ?? {}
    // As text it comes from the environment, and Segment's library takes it.
    const limit = Number(timeout ?? 0)
    if (!(limit >= 0)) {
      throw new ValidationError('timeout', 'is not a positive number of milliseconds')
    }
    if (close) this.isClosed = true
    if (this.flushCalls > 0) {
      warn('Overlapping flush calls detected: call flush less often to save requests.')
    }
    this.flushCalls++
    await this.sendAll(limit || undefined, close)
    this.flushCalls--
    if (close) this.authorization.stop()
  }

  /**
   * Accepts no further events, sends those that are left and resolves when all have come to their end, or after
   * `timeout`. Call it when the process is asked to end; it may be called more than once.
   * @example process.once('SIGTERM', async () => { await analytics.closeAndFlush(); process.exit(0) })
   */
  async closeAndFlush(params?: CloseAndFlushParams | null): Promise<void> {
    const { timeout = this._closeAndFlushDefaultTimeout } = params ?? {}
    await this.flush({ timeout, close: true })
  }

  /** `await using analytics = new Analytics(…)`: closes and flushes at the end of the block. */
  async [asyncDispose](): Promise<void> {
    await this.closeAndFlush()
  }

  /** How many events the client has been given so far, and what became of them. */
  counts(): EventCounts {
    return { ...this.seen, pending: this.pending.count(), pendingBytes: this.delivery.held.bytes }
  }

  /** What `JSON.stringify` shows of a client: neither its settings nor its events. */
  toJSON(): { library: string; version: string; counts: EventCounts } {
    return { library: libraryName, version, counts: this.counts() }
  }

  /** What `console.log` and `util.inspect` show of a client: the same. */
  [inspectCustom](_depth: number, options: unknown, inspect: Inspect): string {
    return `Analytics ${inspect(this.toJSON(), options)}`
  }

  /**
   * Runs `fn` in a scope: calls made within it, however deep and however asynchronous, get the scope's ids and
   * context. Scopes may be nested. `fn` is called without arguments; returns what it returns.
   * @throws ValidationError if `scope` is not an object; Error on runtimes without AsyncLocalStorage, and on Cloudflare Workers if the scope has a `waitUntil`: there each
   * request needs a client of its own.
   * @example
   * app.use((req, res, next) => analytics.withContext({ userId: req.user.id, context: { ip: req.ip } }, next))
   * analytics.scoped.track({ event: 'Order Completed' }) // anywhere below
   */
  withContext<Result>(scope: Scope, fn: () => Result): Result {
    if (typeof scope !== 'object' || scope === null) throw new ValidationError('scope', 'is not an object')
    this.platform.assertShareable(scope.waitUntil)
    this.scopes ??= this.platform.createScopes()
    // A middleware's `next` takes its first argument for an error, and may send it to the visitor.
    return this.scopes.run(nestScopes(scope, this.scopes.getStore()), () => fn())
  }

  /** This client, for calls within a scope: they need no id of their own. See `withContext`. */
  get scoped(): ScopedAnalytics {
    // What the scope fills in is checked at run time like everything else.
    return this as unknown as ScopedAnalytics
  }

  /** A listener that throws harms nothing but itself; `error` tells of it, and the console of one of `error`. */
  protected override listenerFailed(event: keyof NodeEmitterEvents, reason: unknown): void {
    if (event !== 'error') this.emit('error', { code: 'unknown', reason })
    else warn("A listener of 'error' threw", reason)
  }

  private call(method: Method, given: LooseParams, callback: Callback | undefined): void {
    const scope = this.scopes?.getStore()
    const built = this.build(method, given, scope)
    if (!built) return
    const { event, fault } = built
    if (this.isClosed) {
      this.emit('call_after_close', event)
      return
    }
    this.seen.accepted++
    const pending = this.pending.begin(new Context(event), callback, this.callSite())
    if (!fault) this.emit('dispatch_start', pending.ctx)
    this.process(pending, fault)
    const waitUntil = scope?.waitUntil ?? this.config.waitUntil
    if (waitUntil) this.stayAwake(waitUntil)
  }

  /**
   * The event of a call, with its fault if it has one. What Segment's library refuses with an exception is refused so here;
   * what it takes, or fails to read, must not throw in an application that did not expect it.
   */
  private build(method: Method, given: LooseParams, scope: Scope | undefined): Built | undefined {
    let event: SegmentEvent = { type: method }
    let mayThrow = true
    try {
      event = buildEvent(this.factory, method, given, scope)
      mayThrow = this.config.throwsOnFaults
      validateServerEvent(event)
      return { event }
    } catch (cause) {
      const isFault = cause instanceof ValidationError
      const reason = isFault ? cause : new ValidationError('params', `of ${method} cannot be read`, { cause })
      if (this.isClosed || this.config.disable) {
        this.emit('error', { code: 'validation_failure', reason })
        return undefined
      }
      if (isFault && mayThrow) throw reason
      return { event, fault: { reason } }
    }
  }

  /** Takes an event through the pipeline. It never ends within the call that brought it, even if it could. */
  private process(pending: PendingEvent, fault: Failure | undefined): void {
    const { ctx, site } = pending
    let isWithinCall = true
    const end = (last: Context) => {
      if (isWithinCall) void Promise.resolve().then(() => this.pending.end(pending, last))
      else this.pending.end(pending, last)
    }
    if (this.config.disable) end(ctx)
    else if (fault) end(withFailure(ctx, fault))
    else if (this.isCrowded()) {
      end(withFailure(ctx, { reason: new QueueFullError(`${this.config.maxQueueSize} events`) }))
    } else this._queue.process(ctx, end, site)
    isWithinCall = false
  }

  /** Delivery bounds what it holds; this bounds what plugins hold back from it. */
  private isCrowded(): boolean {
    return this.pending.count() - this.delivery.held.events > this.config.maxQueueSize
  }

  private tellEnd(ctx: Context, type: SegmentEvent['type'], failure: Failure | undefined): void {
    // Read if somebody sees it, so that copies of the context have the event, too.
    if (this.isHeard(failure ? 'error' : type)) void ctx.event
    if (!failure) {
      this.seen.delivered++
      this.emit(type, ctx)
      return
    }
    const { reason } = failure
    if (isCancelation(reason)) {
      this.seen.dropped++
      this.emit('dropped', { ctx, by: reason.by ?? '', reason })
    } else {
      this.seen.failed++
      const code = reason instanceof ValidationError ? 'validation_failure' : 'delivery_failure'
      this.emit('error', { code, reason, ctx })
    }
  }

  private sendAll(timeout?: number, giveUp = false): Promise<void> {
    return new Promise((resolve) => {
      let cancelTimer = () => {}
      this.waiters++
      const finish = () => {
        cancelTimer()
        this.waiters--
        resolve()
      }
      const stopWaiting = this.pending.whenSoFarEnded(finish)
      if (this.pending.count() === 0) return
      this.delivery.flush()
      if (timeout === undefined) return
      cancelTimer = this.platform.clock.after(timeout, () => {
        stopWaiting()
        try {
          if (giveUp) this.abandonAll()
          else warn(`After ${timeout} ms of flush ${this.pending.count()} events are pending; they go on.`)
        } finally {
          finish()
        }
      })
    })
  }

  private abandonAll(): void {
    const cause = this.lastFailure()
    const reason = new Error('Flush timeout', cause === undefined ? {} : { cause })
    // First those on the wire or waiting for it, then those that plugins still hold.
    this.delivery.fail(reason)
    this.pending.abandon(reason)
  }

  private stayAwake(waitUntil: (work: Promise<unknown>) => void): void {
    if (this.watchers.has(waitUntil)) return
    this.watchers.add(waitUntil)
    const work = new Promise<void>((resolve) => {
      // Calls of the same turn go together.
      this.platform.clock.after(0, () => {
        this.watchers.delete(waitUntil)
        resolve(this.sendAll())
      })
    })
    fence(
      () => waitUntil(work),
      () => {},
      (reason) => this.emit('error', { code: 'unknown', reason }),
    )
  }
}
