import type { Transport } from '@sluice/core/internal'

/**
 * The events that are not delivered yet, and those who wait for them. Nobody waits for longer than it takes to know that
 * an event is safe: delivered, given up, or kept because it cannot be delivered now.
 */
export interface OpenEvents {
  /** An event begins its way. Call what it answers when that has ended. */
  begin(json: string, safe?: () => void): () => void
  /** What these events say. */
  jsons(): string[]
  /** Resolves when all that are open now are safe. */
  whenSafe(): Promise<unknown>
  /** Learns from the answers of this transport how the server is. */
  watch(transport: Transport): Transport
}

interface OpenEvent {
  readonly json: string
  waiting: (() => void)[]
}

export function createOpenEvents(isOnline: () => boolean, changed: () => void): OpenEvents {
  const open = new Set<OpenEvent>()
  let isTroubled = false

  const tell = (event: OpenEvent) => {
    const { waiting } = event
    event.waiting = []
    for (const run of waiting) run()
  }

  const answered = (isGood: boolean) => {
    isTroubled = !isGood
    if (isTroubled) for (const event of open) tell(event)
  }

  return {
    begin(json, safe) {
      const event: OpenEvent = { json, waiting: safe ? [safe] : [] }
      open.add(event)
      changed()
      if (isTroubled || !isOnline()) tell(event)
      return () => {
        open.delete(event)
        changed()
        tell(event)
      }
    },
    jsons: () => [...open].map(({ json }) => json),
    whenSafe: () =>
      Promise.all([...open].map(({ waiting }) => new Promise<void>((resolve) => waiting.push(resolve)))),
    watch: (transport) => ({
      exchange(request) {
        const exchange = transport.exchange(request)
        exchange?.answer.then(
          ({ status }) => answered(status < 400),
          () => answered(false),
        )
        return exchange
      },
    }),
  }
}
