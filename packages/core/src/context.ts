import { dset } from 'dset'
import { ContextCancelation } from './context-cancelation'
import type { CoreSegmentEvent, Timestamp } from './events/types'
import { hostRandomness } from './host/randomness'
import { CoreLogger } from './logger'
import type { GenericLogger, LogLevel, LogMessage } from './ports/logger'
import type { CompactMetric, CoreStats } from './stats'
import { NullStats } from './stats'

/** Names the method that packs a context's event; for our own destinations. */
export const packEvent = Symbol('pack event')

/** Why an event was not delivered. */
export interface ContextFailedDelivery {
  reason: unknown
}

/** A context as plain data. */
export interface SerializedContext {
  id: string
  event: CoreSegmentEvent
  logs: LogMessage[]
  metrics?: CompactMetric[]
}

/**
 * The envelope in which one event travels: plugins, listeners and callbacks get it. It holds the event and what
 * became of it so far.
 */
export abstract class CoreContext<Event extends CoreSegmentEvent = CoreSegmentEvent> {
  /** How often the pipeline has begun to deliver this event. */
  attempts = 0
  private liveEvent: Event | undefined
  private packedEvent: { readonly json: string; readonly timestamp: Timestamp | undefined } | undefined
  private contextId: string | undefined
  private ownLogger: GenericLogger | undefined
  private ownStats: CoreStats | undefined
  private failure: ContextFailedDelivery | undefined

  constructor(event: Event, id?: string, stats?: CoreStats, logger?: GenericLogger) {
    this.liveEvent = event
    this.contextId = id
    this.ownStats = stats
    this.ownLogger = logger
  }

  /** The context of work that belongs to no event, such as loading a plugin. Subclasses make one of their kind. */
  static system(): unknown {
    return undefined
  }

  /** The event as it stands. Once it is on its way to the server it is what was sent. */
  get event(): Event {
    this.liveEvent ??= this.unpack()
    return this.liveEvent
  }

  set event(event: Event) {
    this.liveEvent = event
  }

  /**
   * Keeps only the event's text, which is sent anyway, until somebody asks for the event. While many events wait for
   * a server, this is half of their memory and most of the garbage collector's work.
   */
  [packEvent](json: string): void {
    this.packedEvent = { json, timestamp: this.liveEvent?.timestamp }
    this.liveEvent = undefined
  }

  // Most contexts are never asked for their id, their logs or their metrics: none is made before it is.

  get id(): string {
    this.contextId ??= hostRandomness.uuid()
    return this.contextId
  }

  get logger(): GenericLogger {
    this.ownLogger ??= new CoreLogger()
    return this.ownLogger
  }

  get stats(): CoreStats {
    return this.ownStats ?? nullStats
  }

  isSame(other: CoreContext): boolean {
    return other === this || other.id === this.id
  }

  /** Stops the event: throws `error`, or a `ContextCancelation` if none is given. Never returns. */
  cancel(error?: Error | ContextCancelation): never {
    if (error) throw error
    throw new ContextCancelation({ reason: 'Context Cancel' })
  }

  log(level: LogLevel, message: string, extras?: object | (() => object)): void {
    this.logger.log(level, message, extras)
  }

  /** What was logged about this event, the oldest first. */
  logs(): LogMessage[] {
    return this.logger.logs
  }

  /**
   * Sets one value of the event, at a path such as `properties.cart.total`, and answers the event. Objects on the
   * way are made. What lies under an integration that is switched off (`integrations.Name` is `false`) stays as it is.
   */
  updateEvent(path: string, value: unknown): Event {
    const [root, integration] = path.split('.')
    if (root === 'integrations' && integration && this.event.integrations?.[integration] === false)
      return this.event
    dset(this.event, path, value)
    return this.event
  }

  /** Why the event was not delivered; nothing when it was, or may still be. */
  failedDelivery(): ContextFailedDelivery | undefined {
    return this.failure
  }

  setFailedDelivery(failure: ContextFailedDelivery): void {
    this.failure = failure
  }

  /** Prints and forgets the logs and the metrics. */
  flush(): void {
    this.logger.flush()
    this.stats.flush()
  }

  toJSON(): SerializedContext {
    return { id: this.id, event: this.event, logs: this.logger.logs, metrics: this.stats.serialize() }
  }

  private unpack(): Event {
    const event: Event = JSON.parse(this.packedEvent?.json ?? '{}')
    // A date, unless the caller gave something else.
    if (this.packedEvent?.timestamp) event.timestamp = this.packedEvent.timestamp
    return event
  }
}

// It keeps nothing, so all contexts can share it.
const nullStats = new NullStats()
