import type { Anything } from '@sluice/core/internal'
import type { Analytics } from './analytics'
import type { AnalyticsBrowserSettings } from './browser-settings'
import type { EventMap, GroupArguments, NamedEventArguments, TrackArguments } from './call-arguments'
import type { Context } from './context'
import type { AnalyticsEmitterContract } from './emitter-contract'
import { createHeldCalls } from './held-calls'
import type { Group } from './identity/group'
import type { AnalyticsInstanceSettings } from './instance-settings'
import { load } from './load'
import type { InitOptions } from './options'
import { getDefaultBufferedPageContext, splitPageContext } from './page/buffered-page-context'
import { guarded } from './storage/guarded'
import type { UniversalStorage } from './storage/universal-storage'
import { version } from './version'

// Calls that happen on a page and at a time: these go with them while they wait.
const happening = ['track', 'page', 'screen', 'identify', 'alias', 'group'] as const

const others = [
  ...(['user', 'reset', 'setAnonymousId', 'ready', 'flush', 'queryString'] as const),
  ...(['trackLink', 'trackClick', 'trackForm', 'trackSubmit'] as const),
]

// The library's own plugins go before those of the application.
const settingUp = ['register', 'deregister', 'addSourceMiddleware', 'addDestinationMiddleware'] as const

// What is emitted while a client is set up is heard by those who listened before.
const listening = ['on', 'once', 'off', 'emit', 'debug', 'timeout', 'use'] as const

type Promising =
  | Exclude<(typeof happening)[number], 'group'>
  | (typeof others)[number]
  | (typeof settingUp)[number]

/** The methods of a client; those that answer at once there answer a promise here, before and after it is complete. */
type Promised<Events extends { [Name in keyof Events]: object }> = {
  readonly [Method in Promising]: (
    ...args: Parameters<Analytics<Events>[Method]>
  ) => Promise<Awaited<ReturnType<Analytics<Events>[Method]>>>
}

export interface AnalyticsBrowser<Events extends { [Name in keyof Events]: object } = EventMap>
  extends Promised<Events> {
  /** Records that somebody did something. */
  track(...args: NamedEventArguments<Events>): Promise<Context>
  /** The same, with the event and its properties in one object. */
  track(...args: TrackArguments<Events>): Promise<Context>
  /** The visitor's group. */
  group(): Promise<Group>
  /** Puts the visitor into a company, team or account. */
  group(...args: GroupArguments): Promise<Context>
  /** The same as `page({ path })`. */
  pageview(path: string): Promise<Analytics<Events>>
  /** The same as `pageview`. */
  pageView(path: string): Promise<Analytics<Events>>
  on<Event extends keyof AnalyticsEmitterContract>(
    event: Event,
    listener: (...args: AnalyticsEmitterContract[Event]) => void,
  ): this
  once<Event extends keyof AnalyticsEmitterContract>(
    event: Event,
    listener: (...args: AnalyticsEmitterContract[Event]) => void,
  ): this
  off<Event extends keyof AnalyticsEmitterContract>(
    event: Event,
    listener: (...args: AnalyticsEmitterContract[Event]) => void,
  ): this
  emit<Event extends keyof AnalyticsEmitterContract>(
    event: Event,
    ...args: AnalyticsEmitterContract[Event]
  ): this
  /** Prints what becomes of every event. */
  debug(isOn: boolean): this
  /** How long callbacks, links and forms wait for an event, in ms. @default 300 */
  timeout(ms: number): this
  use(factory: (analytics: Analytics<Events>) => void): this
}

/**
 * The way into the library: its methods can be called at once, also before `load`. Calls keep their order, and each tells
 * of the page and the time at which it was made.
 *
 * @typeParam Events Your events, names with their properties; the default takes any.
 * @example
 * export const analytics = AnalyticsBrowser.load({ writeKey: 'YOUR_WRITE_KEY' })
 * analytics.track('Order Completed', { total: 9.5 })
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor defines what the interface declares
export class AnalyticsBrowser<Events extends { [Name in keyof Events]: object } = EventMap>
  implements PromiseLike<[Analytics<Events>, Context]>
{
  /** The client, once it is complete. */
  instance?: Analytics<Events>
  /** Tells how the plugins were registered. */
  ctx?: Context
  /** The version of this library. */
  readonly VERSION = version

  readonly #loaded: Promise<[Analytics<Events>, Context]>
  #start: ((loaded: Promise<[Analytics<Events>, Context]>) => void) | undefined
  readonly #listening = createHeldCalls()
  readonly #settingUp = createHeldCalls({ oneByOne: true })
  readonly #calling = createHeldCalls()

  constructor() {
    this.#loaded = new Promise((resolve) => {
      this.#start = resolve
    })
    this.#loaded.then(
      ([instance, ctx]) => {
        this.instance = instance
        this.ctx = ctx
      },
      (reason) => {
        for (const calls of [this.#listening, this.#settingUp, this.#calling]) calls.refuse(reason)
      },
    )
    const define = (method: string, run: (...args: unknown[]) => unknown) =>
      Object.defineProperty(this, method, {
        value: run,
        configurable: true,
        enumerable: true,
        writable: true,
      })
    for (const method of happening)
      define(method, (...args) => this.#calling.make(method, withPage(method, args)))
    for (const method of others) define(method, (...args) => this.#calling.make(method, args))
    const pageview = async (path: unknown) => {
      await this.#calling.make('page', withPage('page', [{ path }]))
      const [client] = await this.#loaded
      return client
    }
    for (const name of ['pageview', 'pageView']) define(name, pageview)
    for (const method of settingUp) define(method, (...args) => this.#settingUp.make(method, args))
    for (const method of listening) {
      define(method, (...args) => {
        this.#listening.make(method, args).catch(console.error)
        return this
      })
    }
  }

  /**
   * Loads the settings of the source and makes the client. Only the first call counts. A write key is enough, as it is for
   * snippets.
   * @example AnalyticsBrowser.load({ writeKey: 'YOUR_WRITE_KEY' }, { initialPageview: true })
   */
  static load<Events extends { [Name in keyof Events]: object } = EventMap>(
    settings: AnalyticsBrowserSettings | string,
    options?: InitOptions,
  ): AnalyticsBrowser<Events> {
    return new AnalyticsBrowser<Events>().load(settings, options)
  }

  /** The client itself, when it is complete. */
  static async standalone(writeKey: string, options?: InitOptions): Promise<Analytics> {
    const [analytics] = await AnalyticsBrowser.load({ writeKey }, options)
    return analytics
  }

  /** Loads the settings of the source and makes the client. Only the first call counts. */
  load(settings: AnalyticsBrowserSettings | string, options: InitOptions = {}): this {
    const start = this.#start
    if (!start) return this
    this.#start = undefined
    if (guarded(() => options?.initialPageview)) this.page().catch(console.error)
    const given = typeof settings === 'string' ? { writeKey: settings } : settings
    const loaded: Promise<[Analytics<never>, Context]> = load(given, options, {
      accept: this.#calling.accept,
      first: () => (this.#listening.count() + this.#settingUp.count() > 0 ? [] : this.#calling.events()),
      setUp: (analytics) => {
        void this.#listening.replay(analytics)
        return this.#settingUp.replay(analytics)
      },
      begin: (analytics) => void this.#calling.replay(analytics),
    })
    // What events are called is for the compiler alone.
    start(loaded as Promise<[Analytics<Events>, Context]>)
    return this
  }

  /** What the client was set up with, when it is complete. */
  get settings(): Promise<AnalyticsInstanceSettings> {
    return this.#loaded.then(([{ settings }]) => settings)
  }

  /** Values of your own, kept where the visitor's ids are kept; when the client is complete. */
  get storage(): Promise<UniversalStorage> {
    return this.#loaded.then(([{ storage }]) => storage)
  }

  // biome-ignore lint/suspicious/noThenProperty: `await AnalyticsBrowser.load(…)` is how applications get the client
  then<Fulfilled = [Analytics<Events>, Context], Rejected = never>(
    onfulfilled?: ((loaded: [Analytics<Events>, Context]) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onrejected?: ((reason: Anything) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.#loaded.then(onfulfilled, onrejected)
  }

  catch<Rejected = never>(
    onrejected?: ((reason: Anything) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<[Analytics<Events>, Context] | Rejected> {
    return this.#loaded.catch(onrejected)
  }

  finally(onfinally?: (() => void) | null): Promise<[Analytics<Events>, Context]> {
    return this.#loaded.finally(onfinally)
  }
}

function withPage(method: string, args: unknown[]): unknown[] {
  const [, page] = splitPageContext(args)
  // `group()` asks for the group; it tells of nothing that happens.
  return page || (method === 'group' && args.length === 0) ? args : [...args, getDefaultBufferedPageContext()]
}
