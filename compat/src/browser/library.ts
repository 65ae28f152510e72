import type { Emitted } from '../event-log'
import type { Envelope, Fields, Hook, Listener, LogLine, PluginLike, Stats } from '../library'

/**
 * The public surface of both browser libraries, typed loosely on purpose: the scripts also pass what the compilers of
 * either library would refuse.
 */
export interface EmitterOfPage {
  on(name: string, listener: Listener): this
  once(name: string, listener: Listener): this
  off(name: string, listener: Listener): this
  emit(name: string, ...args: unknown[]): this
}

export interface UserLike {
  readonly options: Fields
  id(id?: unknown): unknown
  anonymousId(id?: unknown): unknown
  traits(traits?: unknown): unknown
  identify(id?: unknown, traits?: unknown): unknown
  logout(): unknown
  reset(): unknown
  load(): UserLike
  save(): unknown
}

export interface StorageLike {
  get(key: string): unknown
  set(key: string, value: unknown): unknown
  clear(key: string): unknown
  getAndSync(key: string): unknown
}

/** What a middleware is handed. */
export interface MiddlewareCall {
  payload: { obj: Fields } & Record<string, (...args: unknown[]) => unknown>
  integrations?: Fields
  integration?: string
  next(payload: unknown): void
}

export interface QueueOfPage extends EmitterOfPage {
  plugins: PluginLike[]
  failedInitializations: string[]
}

/** The six calls of a client; `group` without arguments answers the group. */
export interface Calls {
  track(...args: unknown[]): Promise<Envelope>
  page(...args: unknown[]): Promise<Envelope>
  screen(...args: unknown[]): Promise<Envelope>
  identify(...args: unknown[]): Promise<Envelope>
  alias(...args: unknown[]): Promise<Envelope>
}

/** The client of a page. */
export interface PageClient extends EmitterOfPage, Calls {
  readonly VERSION: string
  readonly settings: Fields & { timeout: number }
  readonly options: Fields
  readonly integrations: Fields
  readonly initialized: boolean
  readonly queue: QueueOfPage
  readonly eventFactory: FactoryOfPage
  readonly storage: StorageLike
  readonly failedInitializations: string[]
  group(): UserLike
  group(...args: [unknown, ...unknown[]]): Promise<Envelope>
  user(): UserLike
  register(...plugins: PluginLike[]): Promise<Envelope>
  deregister(...names: string[]): Promise<Envelope>
  addSourceMiddleware(middleware: (call: MiddlewareCall) => unknown): Promise<unknown>
  addDestinationMiddleware(
    name: string,
    ...middleware: ((call: MiddlewareCall) => unknown)[]
  ): Promise<unknown>
  ready(callback?: (results: unknown) => void): Promise<unknown>
  setAnonymousId(id?: unknown): unknown
  reset(): unknown
  debug(isOn: boolean): unknown
  timeout(ms: number): unknown
  queryString(query: string): Promise<Envelope[]>
  use(factory: (analytics: unknown) => void): unknown
  push(call: unknown[]): unknown
  pageview(path: string): Promise<unknown>
  normalize(event: Fields): Fields
  noConflict(): unknown
  initialize(...args: unknown[]): Promise<unknown>
  trackLink(...args: unknown[]): Promise<unknown>
  trackForm(...args: unknown[]): Promise<unknown>
}

/** What `AnalyticsBrowser.load` answers. */
export interface Facade extends EmitterOfPage, Calls, PromiseLike<[PageClient, Envelope]> {
  readonly VERSION: string
  readonly instance?: PageClient
  readonly ctx?: Envelope
  load(settings: Fields, options?: Fields): Facade
  catch(onrejected: (reason: unknown) => unknown): Promise<unknown>
  finally(onfinally: () => void): Promise<unknown>
  group(...args: unknown[]): Promise<unknown>
  user(): Promise<UserLike>
  reset(): Promise<unknown>
  ready(callback?: (results: unknown) => void): Promise<unknown>
  register(...plugins: PluginLike[]): Promise<Envelope>
  deregister(...names: string[]): Promise<Envelope>
  addSourceMiddleware(middleware: (call: MiddlewareCall) => unknown): Promise<unknown>
  addDestinationMiddleware(
    name: string,
    ...middleware: ((call: MiddlewareCall) => unknown)[]
  ): Promise<unknown>
  setAnonymousId(id?: unknown): Promise<unknown>
  debug(isOn: boolean): unknown
  pageView(path: string): Promise<unknown>
  trackLink(...args: unknown[]): Promise<unknown>
}

export interface FactoryOfPage {
  track(
    event: unknown,
    properties?: unknown,
    options?: unknown,
    integrations?: unknown,
    page?: unknown,
  ): Fields
  page(
    category: unknown,
    name: unknown,
    properties?: unknown,
    options?: unknown,
    integrations?: unknown,
    page?: unknown,
  ): Fields
  screen(
    category: unknown,
    name: unknown,
    properties?: unknown,
    options?: unknown,
    integrations?: unknown,
    page?: unknown,
  ): Fields
  identify(id: unknown, traits?: unknown, options?: unknown, integrations?: unknown, page?: unknown): Fields
  group(id: unknown, traits?: unknown, options?: unknown, integrations?: unknown, page?: unknown): Fields
  alias(to: unknown, from: unknown, options?: unknown, integrations?: unknown, page?: unknown): Fields
}

interface IdentityConstructor {
  new (options?: unknown, cookie?: unknown): UserLike
  readonly defaults?: Fields
}

export interface BrowserLibrary {
  Analytics: new (
    settings: Fields,
    options?: Fields,
    queue?: unknown,
    user?: unknown,
    group?: unknown,
  ) => PageClient
  AnalyticsBrowser: {
    new (): Facade
    load(settings: Fields, options?: Fields): Facade
    standalone(writeKey: string, options?: Fields): Promise<PageClient>
  }
  AnalyticsNode: { load(settings: Fields): Promise<unknown> }
  NullAnalytics: new () => PageClient
  Context: { new (event: Fields, id?: string): Envelope; system(): Envelope }
  ContextCancelation: new (options?: Fields) => Fields
  EventFactory: new (user: UserLike) => FactoryOfPage
  User: IdentityConstructor
  Group: IdentityConstructor
  UniversalStorage: new (stores: unknown[]) => StorageLike
  segmentio(analytics: PageClient, settings?: Fields, integrations?: Fields): unknown
  getGlobalAnalytics(): unknown
  resolveArguments(...args: unknown[]): unknown[]
  resolvePageArguments(...args: unknown[]): unknown[]
  resolveUserArguments(user: unknown): (...args: unknown[]) => unknown[]
  resolveAliasArguments(...args: unknown[]): unknown[]
  isDestinationPluginWithAddMiddleware(plugin: unknown): boolean
}

export type { Emitted, Envelope, Fields, Hook, Listener, LogLine, PluginLike, Stats }
