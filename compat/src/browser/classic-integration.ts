import type { Fields } from '../library'

/** What an integration reads an event by. */
export type Facade = Record<string, (...args: unknown[]) => unknown> & { obj: Fields }

export interface IntegrationParts {
  name?: string
  /** When it says that it is ready, in ms after it is initialized; `never`, or at once. */
  readyAfterMs?: number | 'never'
  assumesPageview?: boolean
  /** In the place of what it does when it is initialized. */
  initialize?(this: { emit(name: string): void }): void
  /** What it does with an event, besides noting it. */
  invoked?(method: string, facade: Facade): unknown
}

export interface NotedIntegration {
  /** Its constructor. */
  readonly source: (new (settings: Fields) => unknown) & { prototype: { name: string } }
  /** What it was told, one after the other. */
  readonly told: unknown[][]
}

/** A destination of the first generation that notes what it is told. `read` says what it wants to know of an event. */
export function notedIntegration(
  parts: IntegrationParts = {},
  read: (facade: Facade) => unknown = ({ obj }) => obj.event ?? obj.name,
): NotedIntegration {
  const { name = 'Noted', readyAfterMs = 0, assumesPageview, initialize, invoked } = parts
  const told: unknown[][] = []

  class Integration {
    analytics: unknown
    readonly _assumesPageview = assumesPageview
    readonly listeners: [name: string, run: () => void][] = []

    constructor(settings: Fields) {
      told.push(['made of', settings])
    }

    on(name: string, run: () => void) {
      this.listeners.push([name, run])
    }

    once(name: string, run: () => void) {
      this.on(name, run)
    }

    emit(name: string) {
      for (const [of, run] of this.listeners) if (of === name) run()
    }

    initialize() {
      told.push(['initialize', typeof this.analytics])
      if (initialize) {
        initialize.call(this)
        return
      }
      this.emit('initialize')
      if (readyAfterMs === 0) this.emit('ready')
      else if (readyAfterMs !== 'never') setTimeout(() => this.emit('ready'), readyAfterMs)
    }

    invoke(method: string, facade: Facade) {
      told.push([method, read(facade)])
      return invoked?.(method, facade)
    }
  }
  Object.defineProperty(Integration.prototype, 'name', { value: name })
  return { source: Integration as unknown as NotedIntegration['source'], told }
}
