import type { Callback, CoreAnalytics, ID } from '@sluice/core'
import { Emitter, invokeCallback, pTimeout, ValidationError } from '@sluice/core'
import { assertPlugin, bindMethods, delayLeft, hostClock } from '@sluice/core/internal'
import { trackAtOnce } from './auto-track/track-at-once'
import type { FormArguments, LinkArguments } from './auto-track/types'
import type {
  AliasArguments,
  EventMap,
  GroupArguments,
  IdentifyArguments,
  NamedEventArguments,
  PageArguments,
  TrackArguments,
} from './call-arguments'
import { callTime, sendAccepted } from './call-symbols'
import { type AcceptCall, type AcceptedCall, type CallType, createCalls } from './calls'
import { Context } from './context'
import type { AnalyticsEmitterContract } from './emitter-contract'
import { EventFactory } from './event-factory'
import { EventQueue } from './event-queue'
import { defineFormerMethods } from './former-methods'
import { readGlobal, writeGlobal } from './global-key'
import type { Group } from './identity/group'
import { createIdentity } from './identity/identity'
import type { User } from './identity/user'
import { AnalyticsInstanceSettings } from './instance-settings'
import { sourceMiddlewarePlugin } from './middleware/source-middleware'
import type { DestinationMiddlewareFunction, MiddlewareFunction } from './middleware/types'
import type { AnalyticsSettings, InitOptions, IntegrationsInitOptions } from './options'
import { globalNamed } from './past-markup'
import { leaveOut } from './plugins/leave-out'
import { type AnyPlugin, isDestinationPluginWithAddMiddleware } from './plugins/types'
import type { SegmentEvent } from './segment-event'
import { createUniversalStorage, storeOrder } from './storage/stores'
import type { UniversalStorage } from './storage/universal-storage'
import { version } from './version'

/** Calls made while plugins load wait for these no longer, in ms: what is loading may be what waits for the call. */
const patienceMs = 1_000

/**
 * The client of a page. `AnalyticsBrowser.load` makes one; made by itself it has no destinations.
 *
 * @typeParam Events Your events, names with their properties; the default takes any.
 */
export class Analytics<Events extends { [Name in keyof Events]: object } = EventMap>
  extends Emitter<AnalyticsEmitterContract>
  implements CoreAnalytics
{
  readonly settings: AnalyticsInstanceSettings
  readonly options: InitOptions
  /** Which destinations get the events of this page; what is assigned here holds for later calls. */
  integrations: IntegrationsInitOptions
  readonly queue: EventQueue
  readonly eventFactory: EventFactory
  /** Whether the client is complete. */
  initialized = false;
  [callTime]: Date | undefined

  readonly #user: User
  readonly #group: Group
  readonly #storage: UniversalStorage
  readonly #accept: AcceptCall
  readonly #replaced: unknown
  readonly #destinationMiddleware: ((plugin: AnyPlugin) => void)[] = []
  readonly #sending = new Set<Promise<Context>>()
  #debug = false

  constructor(
    settings: AnalyticsSettings,
    options: InitOptions = {},
    queue: EventQueue = new EventQueue(),
    user?: User,
    group?: Group,
  ) {
    super()
    const identity = createIdentity(options, user, group)
    this.options = options
    this.queue = queue
    if (options.retryQueue) queue.isRetrying = true
    this.integrations = options.integrations ?? {}
    this.settings = new AnalyticsInstanceSettings(settings, queue)
    this.#user = identity.user
    this.#group = identity.group
    this.#storage = createUniversalStorage(
      identity.stores,
      options.disableClientPersistence ? ['memory'] : storeOrder(options.storage),
    )
    this.eventFactory = new EventFactory(this.#user)
    this.#accept = createCalls({
      ...identity,
      factory: this.eventFactory,
      integrations: () => this.integrations,
    })
    this.#replaced = readGlobal()
    defineFormerMethods(this)
    bindMethods(this, Emitter.prototype)
    bindMethods(this, Analytics.prototype)
  }

  /** The version of this library. */
  get VERSION(): string {
    return version
  }

  /** Values of your own, kept where the visitor's ids are kept. */
  get storage(): UniversalStorage {
    return this.#storage
  }

  /** Who the visitor is. */
  user(): User {
    return this.#user
  }

  /**
   * Records that somebody did something. Like all six calls it resolves once the event is delivered or kept to be
   * delivered later, whatever plugins do; it rejects for arguments that cannot be accepted. For the hook of a plugin that
   * calls it before it waits for anything, it resolves at once: the event is kept, and sent after the one of the hook.
   * @example analytics.track('Order Completed', { total: 9.5 })
   */
  track(...args: NamedEventArguments<Events>): Promise<Context>
  /** The same, with the event and its properties in one object. */
  track(...args: TrackArguments<Events>): Promise<Context>
  track(...args: TrackArguments<Events>): Promise<Context> {
    return this.#call('track', args)
  }

  /** Records that somebody looks at a page. @example analytics.page('Docs', 'Quick start') */
  page(...args: PageArguments): Promise<Context> {
    return this.#call('page', args)
  }

  /** Records that somebody looks at a screen of an app. */
  screen(...args: PageArguments): Promise<Context> {
    return this.#call('screen', args)
  }

  /** Tells who the visitor is, and what is known about them. @example analytics.identify('42', { plan: 'pro' }) */
  identify(...args: IdentifyArguments): Promise<Context> {
    return this.#call('identify', args)
  }

  /** The visitor's group. */
  group(): Group
  /** Puts the visitor into a company, team or account. @example analytics.group('acme', { seats: 5 }) */
  group(...args: GroupArguments): Promise<Context>
  group(...args: [] | GroupArguments): Group | Promise<Context> {
    if (args.length === 0) return this.#group
    return this.#call('group', args)
  }

  /** Tells that two ids are the same person. */
  alias(...args: AliasArguments): Promise<Context> {
    return this.#call('alias', args)
  }

  /**
   * Adds plugins. Events wait until those that are no destinations have loaded. A plugin that cannot be loaded is left
   * out; `failedInitializations` names it. Rejects with a `ValidationError` for what is no plugin, and adds none then.
   */
  async register(...plugins: AnyPlugin[]): Promise<Context> {
    for (const plugin of plugins) assertPlugin(plugin)
    const ctx = Context.system()
    const fit = plugins.filter((plugin) => this.#give(plugin, this.#destinationMiddleware))
    await this.queue.criticalTasks.run(() =>
      Promise.all(fit.map((plugin) => this.queue.register(ctx, plugin, this))),
    )
    return ctx
  }

  /** Unloads and removes plugins, all that have one of these names. Unknown names are passed over. */
  async deregister(...names: string[]): Promise<Context> {
    const ctx = Context.system()
    for (const name of names) {
      const plugin = this.queue.plugins.find((known) => known.name === name)
      if (plugin) await this.queue.deregister(ctx, plugin, this)
      else ctx.log('warn', `plugin ${name} not found`)
    }
    return ctx
  }

  /** Lets `middleware` see every event before the plugins do. Events that come later wait until it is there. */
  async addSourceMiddleware(middleware: MiddlewareFunction): Promise<this> {
    assertMiddleware(middleware)
    const destinations = this.queue.plugins.filter(({ type }) => type === 'destination')
    const integrations = Object.fromEntries(destinations.map(({ name }) => [name, true]))
    await this.register(sourceMiddlewarePlugin(middleware, integrations))
    return this
  }

  /**
   * Lets `middleware` see what one device-mode destination gets, by its name in any case, also if it comes later; `*`
   * stands for all of them. Plugins of your own are asked if they have `addMiddleware`.
   */
  async addDestinationMiddleware(
    name: string,
    ...middleware: DestinationMiddlewareFunction[]
  ): Promise<this> {
    if (typeof name !== 'string') throw new ValidationError('name', 'is not a string')
    for (const one of middleware) assertMiddleware(one)
    const giveTo = giver(name, middleware)
    this.#destinationMiddleware.push(giveTo)
    for (const plugin of this.queue.plugins) this.#give(plugin, [giveTo])
    return this
  }

  /** Gives middleware to a plugin. One that does not take it is left out: it may be there to keep something back. */
  #give(plugin: AnyPlugin, givers: readonly ((plugin: AnyPlugin) => void)[]): boolean {
    try {
      for (const giveTo of givers) giveTo(plugin)
      return true
    } catch (reason) {
      leaveOut(this, plugin, reason)
      return false
    }
  }

  /** Sends what waits, at once, and resolves when all of it is delivered, or kept because it cannot be now. */
  async flush(): Promise<void> {
    await this.queue.criticalTasks.done()
    const flushPlugins = () =>
      this.queue.plugins.map((plugin) => 'flush' in plugin && (plugin as { flush(): unknown }).flush())
    void Promise.allSettled(flushPlugins())
    // Plugins may still have some of them.
    await Promise.all(this.#sending)
    await Promise.all(flushPlugins())
  }

  /**
   * Resolves with what their `ready` answers when all plugins that there are now are ready. Those that change events are
   * waited for while they load, but not for long: it may be one of them that waits for this.
   */
  async ready(callback?: (results: unknown[]) => void): Promise<unknown[]> {
    await this.#loaded()
    const results = await Promise.all(this.queue.plugins.map((plugin) => plugin.ready?.()))
    callback?.(results)
    return results
  }

  /** Sets the visitor's id, or makes a new one, and answers it. */
  setAnonymousId(id?: string): ID {
    return this.#user.anonymousId(id)
  }

  /** Forgets the visitor, the user and the group. */
  reset(): void {
    this.#user.reset()
    this.#group.reset()
    this.emit('reset')
  }

  /** Prints what becomes of every event. */
  debug(isOn: boolean): this {
    this.#debug = isOn
    return this
  }

  /** How long callbacks, links and forms wait for an event, in ms. */
  timeout(ms: number): void {
    this.settings.timeout = ms
  }

  /** Makes the calls that the `ajs_` parameters of a query ask for. */
  async queryString(query: string): Promise<Context[]> {
    const { callLink } = await import('./query-string/call-link')
    const { setAnonymousId, identify } = this
    return Promise.all(callLink({ ...this.#tracking(), setAnonymousId, identify }, query))
  }

  /** Tracks clicks on links, and lets the visitor go on when the event is safe. */
  async trackLink(...args: LinkArguments): Promise<this> {
    await trackAtOnce(this.#tracking(), args, {
      type: 'click',
      method: 'trackLink',
      load: async () => (await import('./auto-track/track-links')).trackLinks,
    })
    return this
  }

  /** The same as `trackLink`. */
  trackClick(...args: LinkArguments): Promise<this> {
    return this.trackLink(...args)
  }

  /** Tracks submissions of forms, and submits them when the event is safe. */
  async trackForm(...args: FormArguments): Promise<this> {
    await trackAtOnce(this.#tracking(), args, {
      type: 'submit',
      method: 'trackForm',
      load: async () => (await import('./auto-track/track-forms')).trackForms,
    })
    return this
  }

  /** The same as `trackForm`. */
  trackSubmit(...args: FormArguments): Promise<this> {
    return this.trackForm(...args)
  }

  /** Hands this client to a function of older destinations. */
  use(factory: (analytics: this) => void): this {
    factory(this)
    return this
  }

  /** Makes a call written as a list, as snippets do: `push(['track', 'Order Completed'])`. Unknown ones are passed over. */
  push([method, ...args]: [method: string, ...args: unknown[]]): void {
    const call: unknown = Reflect.get(this, method)
    if (typeof call === 'function') call.apply(this, args)
  }

  /** @deprecated Gives the global back to who had it before. */
  noConflict(): this {
    writeGlobal(this.#replaced ?? this)
    return this
  }

  /** @deprecated Builds an event whose options are still in it. */
  normalize(event: SegmentEvent): SegmentEvent {
    return this.eventFactory.normalize(event)
  }

  /** @deprecated Names of the plugins that could not be loaded. */
  get failedInitializations(): string[] {
    return this.queue.failedInitializations
  }

  /** @deprecated Plugins of the first generation, which are no more. */
  get plugins(): Record<string, never> {
    return {}
  }

  /** @deprecated The classes of device-mode destinations that older code puts on the page. */
  get Integrations(): Record<string, unknown> {
    const found: Record<string, unknown> = {}
    for (const { name, type } of this.queue.plugins) {
      if (type !== 'destination') continue
      const slug = name.toLowerCase().replace('.', '').replaceAll(' ', '-')
      const integration = globalNamed(`${slug}Integration`)
      if (integration) found[name] = Reflect.get(Object(integration), 'Integration') ?? integration
    }
    return found
  }

  /** @deprecated `load` does it. Snippets take it as a sign that the library is there. */
  async initialize(_settings?: unknown, _options?: unknown): Promise<this> {
    return this
  }

  /** @deprecated `load` does it. */
  init(): Promise<this> {
    return this.initialize()
  }

  /** @deprecated The same as `page({ path })`. */
  async pageview(path: string): Promise<this> {
    await this.page({ path })
    return this
  }

  /** A listener that throws hurts nobody; it is told to the console. */
  protected override listenerFailed(event: string, reason: unknown): void {
    console.error(`A listener of '${event}' threw`, reason)
  }

  /** For those who track events whose names nobody declared. */
  #tracking() {
    const { options, settings, queue, on, off } = this
    return {
      options,
      settings,
      queue,
      on,
      off,
      track: (...args: unknown[]) => Reflect.apply(this.track, this, args),
    }
  }

  async #call(type: CallType, args: unknown[]): Promise<Context> {
    return this[sendAccepted](this.#accept(type, args, this[callTime]))
  }

  [sendAccepted](call: AcceptedCall): Promise<Context> {
    const ctx = new Context(call.event)
    const { isAtWork, criticalTasks } = this.queue
    const isLoading = criticalTasks.done() !== undefined
    const sent = this.#sendAndTell(ctx, call)
    // A plugin that waits for a call of its own would wait for itself. The event is kept by now.
    if (isAtWork) return Promise.resolve(ctx)
    return isLoading ? this.#loaded().then((haveLoaded) => (haveLoaded ? sent : ctx)) : sent
  }

  async #sendAndTell(ctx: Context, { event, callback, told }: AcceptedCall): Promise<Context> {
    const ended = await this.#send(ctx, callback)
    this.emit(event.type, ...([...told(ended.event), undefined] as AnalyticsEmitterContract[CallType]))
    return ended
  }

  /** Waits for plugins that load. Tells whether they have. */
  async #loaded(): Promise<boolean> {
    const loading = this.queue.criticalTasks.done()
    if (!loading) return true
    return pTimeout(loading, patienceMs).then(
      () => true,
      () => false,
    )
  }

  async #send(ctx: Context, callback: Callback<Context> | undefined): Promise<Context> {
    ctx.stats.increment('analytics_js.invoke', 1, [ctx.event.type])
    const { keeper } = this.queue
    const isRetrying = this.options.retryQueue ?? keeper !== undefined
    const isOffline = globalThis.navigator?.onLine === false && !keeper?.page.lifecycle.isOnline()
    if (isOffline && !isRetrying) {
      ctx.setFailedDelivery({ reason: new Error('Offline, and retryQueue is off') })
      keeper?.ended(ctx.event.messageId, ctx)
      return ctx
    }
    const start = hostClock.elapsed()
    this.emit('dispatch_start', ctx)
    const sending = this.queue.dispatchSingle(ctx)
    this.#sending.add(sending)
    const ended = await sending
    this.#sending.delete(sending)
    if (callback) await invokeCallback(ended, callback, delayLeft(start, this.settings.timeout))
    if (this.#debug) ended.flush()
    return ended
  }
}

function assertMiddleware(given: unknown): void {
  if (typeof given !== 'function') throw new ValidationError('middleware', 'is not a function')
}

function giver(name: string, middleware: DestinationMiddlewareFunction[]): (plugin: AnyPlugin) => void {
  // One that is taken out and registered again still has it.
  const given = new WeakSet<AnyPlugin>()
  return (plugin) => {
    const isMeant = name === '*' || plugin.name.toLowerCase() === name.toLowerCase()
    if (!isMeant || given.has(plugin) || !isDestinationPluginWithAddMiddleware(plugin)) return
    given.add(plugin)
    plugin.addMiddleware(...middleware)
  }
}
