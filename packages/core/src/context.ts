import { dset } from 'dset'
import { ContextCancelation } from './context-cancelation'
import type { CoreSegmentEvent, Timestamp } from './events/types'
import { hostRandomness } from './host/randomness'
import { CoreLogger } from './logger'
import type { GenericLogger, LogLevel, LogMessage } from './ports/logger'
import type { CoreMetric, CoreStats } from './stats'
import { NullStats } from './stats'

/** Names the method that packs a context's event; for our own destinations. */
export const packEvent = /* @__PURE__ */ Symbol.for('sluice: pack event')

/** Why an event was not delivered. */
export interface ContextFailedDelivery {
  reason: unknown
}

/** A context as plain data. */
export interface SerializedContext {
  id: string
  event: CoreSegmentEvent
  logs: LogMessage[]
  metrics?: CoreMetric[]
}

/**
 * The envelope in which one event travels: plugins, listeners and callbacks get it. It holds the event and what
 * became of it so far.
 */
export abstract class CoreContext<Event extends CoreSegmentEvent = CoreSegmentEvent> {
  readonly stats: CoreStats
  readonly logger: GenericLogger
  /** How often the pipeline has begun to deliver this event. */
  attempts = 0
  private packed: { readonly json: string; readonly timestamp: Timestamp | undefined } | undefined
  private ownId: string | undefined
  private failure: ContextFailedDelivery | undefined
  /** The event as it stands. Once it is on its way to the server it is what was sent. */
  // The last field, because only that one can be taken out again at no cost.
  event: Event

  static {
    // Stands behind the field, for a context whose event is packed.
    Object.defineProperty(CoreContext.prototype, 'event', {
      get(this: CoreContext) {
        const { json = '{}', timestamp } = this.packed ?? {}
        // A date, unless the caller gave something else.
        return own(this, { ...JSON.parse(json), timestamp })
      },
      set(this: CoreContext, event: CoreSegmentEvent) {
        own(this, event)
      },
    })
  }

  constructor(
    event: Event,
    id?: string,
    stats: CoreStats = nullStats,
    logger: GenericLogger = new CoreLogger(),
  ) {
    this.ownId = id
    this.stats = stats
    this.logger = logger
    this.event = event
  }

  /** The context of work that belongs to no event, such as loading a plugin. Subclasses make one of their kind. */
  static system(): unknown {
    return undefined
  }

  /**
   * Keeps only the event's text, which is sent anyway, until somebody asks for the event. While many events wait for
   * a server, this is half of their memory and most of the garbage collector's work.
   */
  [packEvent](json: string): void {
    this.packed = { json, timestamp: this.event.timestamp }
    delete (this as { event?: unknown }).event
  }

  get id(): string {
    // Most contexts are never asked for it.
    this.ownId ??= hostRandomness.uuid()
    return this.ownId
  }

  isSame(other: CoreContext): boolean {
    return other.id === this.id
  }

  /** Stops the event: throws `error`, or a `ContextCancelation` if none is given. Never returns. */
  cancel(error?: Error | ContextCancelation): never {
    throw error ?? new ContextCancelation({ reason: 'Context Cancel' })
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
    const { event } = this
    const isOff = root === 'integrations' && event.integrations?.[integration ?? ''] === false
    if (!isOff) dset(event, path, value)
    return event
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
    return { id: this.id, event: this.event, logs: this.logs(), metrics: this.stats.metrics }
  }
}

/** Makes the event a field of its context, as in one that was never packed: copies of the context have it. */
function own<Event>(ctx: object, value: Event): Event {
  Object.defineProperty(ctx, 'event', { value, writable: true, enumerable: true, configurable: true })
  return value
}

// It keeps nothing, so all contexts can share it.
const nullStats = new NullStats()
