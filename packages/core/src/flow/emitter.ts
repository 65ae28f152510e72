import { warn } from '../host/warn'
import { isThenable } from './thenable'

/** Event names with the arguments their listeners get. */
export type EmitterContract = Record<string, unknown[]>

export interface EmitterOptions {
  /** More listeners than this on one event are taken for a leak and warned of once. `0`: never. @default 10 */
  maxListeners?: number
}

/**
 * A typed, synchronous event emitter.
 *
 * Every listener of an event is called, whatever the ones before it did; what they threw is thrown to the caller of
 * `emit` afterwards (the first of them), unless a subclass says otherwise in `listenerFailed`. A promise that a listener
 * answers is not waited for.
 * An `error` event that nobody listens to is ignored.
 *
 * @example
 * const emitter = new Emitter<{ saved: [id: string] }>()
 * emitter.on('saved', (id) => console.log(id)).emit('saved', '42')
 */
export class Emitter<Contract extends { [Event in keyof Contract]: unknown[] } = EmitterContract> {
  /** See {@link EmitterOptions.maxListeners}. May be changed at any time. */
  declare maxListeners: number
  private readonly byEvent: Listeners<keyof Contract> = new Map()
  private hasWarned = false

  constructor(options?: EmitterOptions) {
    this.maxListeners = options?.maxListeners ?? 10
  }

  /** Calls `listener` each time `event` is emitted, until `off`. Registered twice, it is called twice. */
  on<Event extends keyof Contract>(event: Event, listener: (...args: Contract[Event]) => void): this {
    return this.addListener(event, listener, Number.POSITIVE_INFINITY)
  }

  /** Calls `listener` the next time `event` is emitted, and then no more. */
  once<Event extends keyof Contract>(event: Event, listener: (...args: Contract[Event]) => void): this {
    return this.addListener(event, listener, 1)
  }

  /** Takes back `on` and `once`, every one made with this listener. */
  off<Event extends keyof Contract>(event: Event, listener: (...args: Contract[Event]) => void): this {
    keep(this.byEvent, event, ({ run }) => run !== listener)
    return this
  }

  /** Calls the listeners that are there now, in the order in which they came. */
  emit<Event extends keyof Contract>(event: Event, ...args: Contract[Event]): this {
    let failure: { reason: unknown } | undefined
    for (const listener of this.byEvent.get(event) ?? []) {
      // One that is called once may have been called by an emit within this one.
      if (listener.callsLeft === 0) continue
      listener.callsLeft--
      if (listener.callsLeft === 0) keep(this.byEvent, event, (other) => other !== listener)
      try {
        const answer = listener.run.apply(this, args)
        if (isThenable(answer)) {
          Promise.resolve(answer).then(undefined, (reason) => this.listenerFailed(event, reason))
        }
      } catch (reason) {
        failure ??= { reason }
      }
    }
    if (failure) this.listenerFailed(event, failure.reason)
    return this
  }

  /** Whether somebody listens. */
  protected isHeard(event: keyof Contract): boolean {
    return (this.byEvent.get(event) ?? []).length > 0
  }

  /** Hears of the first listener that threw, after all were called, and of each whose promise was rejected. */
  protected listenerFailed(_event: keyof Contract, reason: unknown): void {
    throw reason
  }

  private addListener(event: keyof Contract, run: unknown, callsLeft: number): this {
    const list = [...(this.byEvent.get(event) ?? []), { run: run as Callable, callsLeft }]
    this.byEvent.set(event, list)
    const { maxListeners } = this
    if (maxListeners && list.length > maxListeners && !this.hasWarned) {
      this.hasWarned = true
      warn(
        `Event '${String(event)}' has ${list.length} listeners, maxListeners is ${maxListeners}: is there a leak?`,
      )
    }
    return this
  }
}

function keep<Event>(
  listeners: Listeners<Event>,
  event: Event,
  isKept: (listener: Listener) => boolean,
): void {
  listeners.set(event, (listeners.get(event) ?? []).filter(isKept))
}

// Lists are replaced, never changed: an emit that is under way goes on with the list it began with.
type Listeners<Event> = Map<Event, readonly Listener[]>

interface Listener {
  readonly run: Callable
  callsLeft: number
}

type Callable = (...args: unknown[]) => unknown
