import type { ClassicIntegrationSource } from '../../../../src'

/** What an integration was told, as `method: what`. */
export type Calls = string[]

/** What an integration reads events by. */
export interface Facade {
  [reader: string]: (...args: unknown[]) => unknown
}

export interface FakeOptions {
  name?: string
  /** When it says that it is ready: in `initialize`, or when the test says so. */
  ready?: 'at once' | 'when told'
  /** Instead of noting it. */
  invoked?(method: string, facade: Facade): unknown
  initialized?(this: { say(what: 'initialize' | 'ready'): void }): unknown
  assumesPageview?: boolean
}

export interface FakeIntegration {
  /** The constructor, as its script leaves it or its package exports it. */
  readonly source: ClassicIntegrationSource
  readonly calls: Calls
  readonly facades: Facade[]
  /** The instances that were made, with what they were made with. */
  readonly made: { settings: Record<string, unknown>; analytics?: unknown }[]
  /** The last instance says something. */
  say(what: 'initialize' | 'ready'): void
}

/** An integration that does what it is told by the test; what it does by itself is what every integration must. */
export function fakeIntegration(options: FakeOptions = {}): FakeIntegration {
  const { name = 'Fake', ready = 'at once', invoked, initialized, assumesPageview } = options
  const calls: Calls = []
  const facades: Facade[] = []
  const made: Integration[] = []

  class Integration {
    analytics: unknown
    _assumesPageview = assumesPageview
    readonly heard = new Map<string, (() => void)[]>()

    constructor(readonly settings: Record<string, unknown>) {
      made.push(this)
    }

    on(what: string, run: () => void) {
      this.heard.set(what, [...(this.heard.get(what) ?? []), run])
    }

    once(what: string, run: () => void) {
      this.on(what, run)
    }

    say(what: 'initialize' | 'ready') {
      for (const run of this.heard.get(what) ?? []) run()
    }

    initialize() {
      calls.push('initialize')
      if (initialized) {
        return initialized.call(this)
      }
      this.say('initialize')
      if (ready === 'at once') this.say('ready')
      return undefined
    }

    invoke(method: string, facade: Facade) {
      const { event, name } = (facade as { obj?: { event?: string; name?: string } }).obj ?? {}
      calls.push(`${method}: ${event ?? name ?? ''}`)
      facades.push(facade)
      return invoked?.(method, facade)
    }
  }
  Object.defineProperty(Integration.prototype, 'name', { value: name })

  return {
    source: Integration as unknown as ClassicIntegrationSource,
    calls,
    facades,
    made,
    say: (what) => made.at(-1)?.say(what),
  }
}
