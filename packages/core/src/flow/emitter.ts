import { host } from '../host/globals'

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
 * `emit` afterwards (the first of them), unless a subclass says otherwise in `listenerFailed`.
 * An `error` event that nobody listens to is ignored.
 *
 * @example
 * const emitter = new Emitter<{ saved: [id: string] }>()
 * emitter.on('saved', (id) => console.log(id)).emit('saved', '42')
 */
export class Emitter<Contract extends { [Event in keyof Contract]: unknown[] } = EmitterContract> {
  /** See {@link EmitterOptions.maxListeners}. May be changed at any time. */
  maxListeners: number
  private listenersByEvent = new Map<keyof Contract, Listener[]>()
  private hasWarnedOfListeners = false

  constructor(options?: EmitterOptions) {
    this.maxListeners = options?.maxListeners ?? 10
  }

  /** Calls `listener` each time `event` is emitted, until `off`. Registered twice, it is called twice. */
  on<Event extends keyof Contract>(event: Event, listener: (...args: Contract[Event]) => void): this {
    return this.addListenerTo(event, { run: listener as Callable, once: false })
  }

  /** Calls `listener` the next time `event` is emitted, and then no more. */
  once<Event extends keyof Contract>(event: Event, listener: (...args: Contract[Event]) => void): this {
    return this.addListenerTo(event, { run: listener as Callable, once: true })
  }

  /** Takes back `on` and `once`, every one made with this listener. */
  off<Event extends keyof Contract>(event: Event, listener: (...args: Contract[Event]) => void): this {
    const known = this.listenersByEvent.get(event)
    if (!known) return this
    const rest = known.filter(({ run }) => run !== listener)
    if (rest.length > 0) this.listenersByEvent.set(event, rest)
    else this.listenersByEvent.delete(event)
    return this
  }

  /** Calls the listeners that are there now, in the order in which they came. */
  emit<Event extends keyof Contract>(event: Event, ...args: Contract[Event]): this {
    const known = this.listenersByEvent.get(event)
    if (known) this.callListeners(event, known, args)
    return this
  }

  /** Whether anybody listens: lets costly arguments be made only when they are wanted. */
  protected hasListeners(event: keyof Contract): boolean {
    return this.listenersByEvent.has(event)
  }

  /** Hears of the first listener that threw, after all were called. */
  protected listenerFailed(_event: keyof Contract, reason: unknown): void {
    throw reason
  }

  private callListeners(event: keyof Contract, known: Listener[], args: unknown[]): void {
    const failures: unknown[] = []
    for (const listener of known) {
      if (listener.once) {
        // It may have been called by an emit within this one.
        if (listener.isSpent) continue
        listener.isSpent = true
        this.removeListenerOf(event, listener)
      }
      try {
        listener.run.apply(this, args)
      } catch (reason) {
        failures.push(reason)
      }
    }
    if (failures.length > 0) this.listenerFailed(event, failures[0])
  }

  // Lists are replaced, never changed: an emit that is under way goes on with the list it began with.
  private addListenerTo(event: keyof Contract, listener: Listener): this {
    const known = this.listenersByEvent.get(event)
    const next = known ? [...known, listener] : [listener]
    this.listenersByEvent.set(event, next)
    if (known) this.warnOfListeners(event, next.length)
    return this
  }

  private removeListenerOf(event: keyof Contract, listener: Listener): void {
    const rest = this.listenersByEvent.get(event)?.filter((other) => other !== listener) ?? []
    if (rest.length > 0) this.listenersByEvent.set(event, rest)
    else this.listenersByEvent.delete(event)
  }

  private warnOfListeners(event: keyof Contract, count: number): void {
    if (this.hasWarnedOfListeners || this.maxListeners === 0 || count <= this.maxListeners) return
    this.hasWarnedOfListeners = true
    host.console.warn(
      `Event '${String(event)}' has ${count} listeners, more than maxListeners (${this.maxListeners}): is one added again and again? Set maxListeners to raise the limit, or to 0 to silence this.`,
    )
  }
}

interface Listener {
  readonly run: Callable
  readonly once: boolean
  isSpent?: true
}

type Callable = (...args: unknown[]) => void
