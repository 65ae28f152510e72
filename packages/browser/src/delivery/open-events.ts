import type { Transport, TransportResponse } from '@sluice/core/internal'
import type { PageLifecycle } from '../adapters/page-lifecycle'

/**
 * The events that are not delivered yet, and those who wait for them. Nobody waits for longer than it takes to know that
 * an event is safe: delivered, given up, or kept because it cannot be delivered now.
 */
export interface OpenEvents {
  /** An event begins its way. Call what it answers when that has ended. */
  begin(json: string, safe?: () => void): () => void
  /** What these events say, but for those whose requests outlive the page. */
  jsons(): string[]
  /** Resolves when all that are open now are safe. */
  whenSafe(): Promise<unknown>
  /** Hears once whether the server is well: at the next answer, or at once if there was one on this page. */
  whenAnswered(run: (isWell: boolean) => void): void
  /** Learns from the answers of this transport how the server is. */
  watch(transport: Transport, isTrouble: (response: TransportResponse) => boolean): Transport
}

interface OpenEvent {
  readonly json: string
  /** The request that carries it outlives the page. */
  isLeaving: boolean
  waiting: (() => void)[]
}

type NetworkView = Pick<PageLifecycle, 'isOnline' | 'answered' | 'failed'>

/** `changed` hears when other events are open than before; leave it out where nobody needs to know. */
export function createOpenEvents(network: NetworkView, changed?: () => void): OpenEvents {
  const open = new Set<OpenEvent>()
  let isTroubled: boolean | undefined
  const wondering: ((isWell: boolean) => void)[] = []

  const tell = (event: OpenEvent) => {
    const { waiting } = event
    event.waiting = []
    for (const run of waiting) run()
  }

  const answered = (isGood: boolean) => {
    isTroubled = !isGood
    for (const run of wondering.splice(0)) run(isGood)
    if (isGood) return
    for (const event of open) {
      event.isLeaving = false
      tell(event)
    }
    changed?.()
  }

  return {
    begin(json, safe) {
      const event: OpenEvent = { json, isLeaving: false, waiting: safe ? [safe] : [] }
      open.add(event)
      changed?.()
      if (isTroubled || !network.isOnline()) tell(event)
      return () => {
        open.delete(event)
        changed?.()
        tell(event)
      }
    },
    jsons: () => [...open].filter(({ isLeaving }) => !isLeaving).map(({ json }) => json),
    whenSafe: () =>
      Promise.all([...open].map(({ waiting }) => new Promise<void>((resolve) => waiting.push(resolve)))),
    whenAnswered(run) {
      if (isTroubled === undefined) wondering.push(run)
      else run(!isTroubled)
    },
    watch: (transport, isTrouble) => ({
      exchange(request) {
        const exchange = transport.exchange(request)
        if (changed && (request.isLeaving || exchange?.outlivesPage)) {
          for (const event of open) event.isLeaving ||= request.body.includes(event.json)
          changed()
        }
        let isGivenUp = false
        exchange?.answer.then(
          (response) => {
            if (response.status > 0) network.answered(true)
            answered(!isTrouble(response))
          },
          () => {
            if (isGivenUp) return
            network.failed()
            answered(false)
          },
        )
        return (
          exchange && {
            answer: exchange.answer,
            get outlivesPage() {
              return exchange.outlivesPage ?? false
            },
            abort() {
              isGivenUp = true
              exchange.abort()
            },
          }
        )
      },
    }),
  }
}
