/**
 * The public surface that both families of libraries share, typed loosely on purpose: the scripts also pass
 * what the compilers of either library would refuse.
 */
export type Fields = Record<string, unknown>
export type Listener = (...args: unknown[]) => unknown
export type Callback = (err?: unknown, ctx?: Envelope) => unknown

export interface LogLine {
  level: string
  message: string
  time?: Date
  extras?: Fields
}

/** What plugins, callbacks and listeners get to see: one event and what became of it. */
export interface Envelope {
  event: Fields
  attempts: number
  readonly id: string
  logger: { logs: LogLine[]; log(level: string, message: string, extras?: object): void }
  stats: Stats
  isSame(other: Envelope): boolean
  cancel(error?: unknown): never
  log(level: string, message: string, extras?: object): void
  logs(): LogLine[]
  flush(): void
  toJSON(): Fields
  updateEvent(path: string, value: unknown): Fields
  failedDelivery(): { reason: unknown } | undefined
  setFailedDelivery(failure: { reason: unknown }): void
}

export interface Stats {
  metrics: Fields[]
  increment(metric: string, by?: number, tags?: string[]): void
  gauge(metric: string, value: number, tags?: string[]): void
  flush(): void
  serialize(): Fields[]
}

export type Hook = (ctx: Envelope) => unknown

export interface PluginLike {
  name: string
  type: string
  version?: string
  alternativeNames?: string[]
  isLoaded(): boolean
  load(ctx: unknown, analytics: unknown): unknown
  unload?(ctx: unknown, analytics: unknown): unknown
  ready?(): Promise<unknown>
  track?: Hook
  identify?: Hook
  page?: Hook
  screen?: Hook
  group?: Hook
  alias?: Hook
}

export interface EmitterLike {
  maxListeners: number
  on(name: string, listener: Listener): this
  once(name: string, listener: Listener): this
  off(name: string, listener: Listener): this
  emit(name: string, ...args: unknown[]): this
}

export interface Client extends EmitterLike {
  readonly VERSION: string
  ready: Promise<unknown>
  track(params: Fields, callback?: Callback): unknown
  identify(params: Fields, callback?: Callback): unknown
  page(params: Fields, callback?: Callback): unknown
  screen(params: Fields, callback?: Callback): unknown
  group(params: Fields, callback?: Callback): unknown
  alias(params: Fields, callback?: Callback): unknown
  register(...plugins: PluginLike[]): Promise<unknown>
  deregister(...names: string[]): Promise<unknown>
  flush(options?: { timeout?: number; close?: boolean }): Promise<unknown>
  closeAndFlush(options?: { timeout?: number }): Promise<unknown>
  /** Only Sluice has it. */
  counts?(): Fields
}

export type Method = 'track' | 'identify' | 'page' | 'screen' | 'group' | 'alias'
export const methods: readonly Method[] = ['track', 'identify', 'page', 'screen', 'group', 'alias']

export interface HttpRequest {
  url: string
  method: string
  headers: Record<string, string>
  body: string
  httpRequestTimeout: number
}

export interface HttpClient {
  makeRequest(request: HttpRequest): Promise<unknown>
}

export interface NodeLibrary {
  Analytics: new (settings?: Fields) => Client
  Context: { new (event: Fields, id?: string): Envelope; system(): Envelope }
  FetchHTTPClient: new (fetchFn?: unknown) => HttpClient
}

export interface QueueItem {
  id: string
}

export interface PriorityQueueLike extends EmitterLike {
  maxAttempts: number
  readonly length: number
  readonly todo: number
  push(...items: QueueItem[]): boolean[]
  pushWithBackoff(item: QueueItem, minTimeout?: number): boolean
  pushWithDelay(item: QueueItem, delay: number): boolean
  pop(): QueueItem | undefined
  includes(item: QueueItem): boolean
  getAttempts(item: QueueItem): number
  updateAttempts(item: QueueItem): number
}

export interface EventQueueLike extends EmitterLike {
  plugins: PluginLike[]
  failedInitializations: string[]
  queue: PriorityQueueLike
  criticalTasks: { run(operation: () => unknown): unknown; done(): Promise<void> | undefined }
  register(ctx: Envelope, plugin: PluginLike, analytics: unknown): Promise<unknown>
  deregister(ctx: Envelope, plugin: PluginLike, analytics: unknown): Promise<unknown>
  dispatch(ctx: Envelope): Promise<Envelope>
  dispatchSingle(ctx: Envelope): Promise<Envelope>
  flush(): Promise<Envelope[]>
  isEmpty(): boolean
}

export interface EventFactoryLike {
  track(event: unknown, properties?: unknown, options?: Fields, integrations?: Fields): Fields
  page(
    category: unknown,
    name: unknown,
    properties?: unknown,
    options?: Fields,
    integrations?: Fields,
  ): Fields
  screen(
    category: unknown,
    name: unknown,
    properties?: unknown,
    options?: Fields,
    integrations?: Fields,
  ): Fields
  identify(userId: unknown, traits?: unknown, options?: Fields, integrations?: Fields): Fields
  group(groupId: unknown, traits?: unknown, options?: Fields, integrations?: Fields): Fields
  alias(to: unknown, from: unknown, options?: Fields, integrations?: Fields): Fields
}

export interface Cancelation {
  retry: boolean
  type: string
  reason?: string
}

export interface CoreLibrary {
  ContextCancelation: new (options: { retry?: boolean; type?: string; reason?: string }) => Cancelation
  CoreContext: new (event: Fields, id?: string, stats?: Stats, logger?: unknown) => Envelope
  CoreEventFactory: new (settings: {
    createMessageId(): string
    onFinishedEvent?(event: Fields): void
    onEventMethodCall?(call: { type: string; options?: Fields }): void
  }) => EventFactoryLike
  CoreEventQueue: new (queue: PriorityQueueLike) => EventQueueLike
  CoreLogger: new () => {
    logs: LogLine[]
    log(level: string, message: string, extras?: object): void
    flush(): void
  }
  CoreStats: new () => Stats
  NullStats: new () => Stats
  ON_REMOVE_FROM_FUTURE: string
  PriorityQueue: new (
    maxAttempts: number,
    items: QueueItem[],
    seen?: Record<string, number>,
  ) => PriorityQueueLike
  ValidationError: new (field: string, message: string) => Error & { field: string }
  assertEventExists(event?: unknown): void
  assertEventType(event: Fields): void
  assertMessageId(event: Fields): void
  assertTrackEventName(event: Fields): void
  assertTrackEventProperties(event: Fields): void
  assertTraits(event: Fields): void
  assertUserIdentity(event: Fields): void
  attempt(ctx: Envelope, plugin: PluginLike): Promise<unknown>
  backoff(params: { attempt: number; minTimeout?: number; maxTimeout?: number; factor?: number }): number
  bindAll<T extends object>(target: T): T
  dispatch(
    ctx: Envelope,
    queue: EventQueueLike,
    emitter: EmitterLike,
    options?: { timeout?: number; debug?: boolean; callback?: (ctx: Envelope) => unknown },
  ): Promise<Envelope>
  ensure(ctx: Envelope, plugin: PluginLike): Promise<unknown>
  exists(value: unknown): boolean
  getDelay(startedAt: number, timeout?: number): number
  invokeCallback(ctx: Envelope, callback: (ctx: Envelope) => unknown, delayMs: number): Promise<Envelope>
  isFunction(value: unknown): boolean
  isNumber(value: unknown): boolean
  isPlainObject(value: unknown): boolean
  isString(value: unknown): boolean
  pTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T>
  sleep(ms: number): Promise<void>
  validateEvent(event?: unknown): void
}

export interface Deferred<T> {
  promise: Promise<T>
  resolve(value: T | PromiseLike<T>): void
  reject(reason: unknown): void
  isSettled(): boolean
}

export interface FlowLibrary {
  Emitter: new (options?: { maxListeners?: number }) => EmitterLike
  createDeferred<T>(): Deferred<T>
}
