import type { Clock, Transport, TransportResponse } from '@sluice/core/internal'
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
  /** Hears once whether the server is well: at once if this page has had an answer since `time`, or else at the next one. */
  whenAnswered(time: number, run: (isWell: boolean) => void): void
  /** Learns from the answers of this transport how the server is. */
  watch(transport: Transport, isTrouble: (response: TransportResponse) => boolean): Transport
}

interface OpenEvent {
  readonly json: string
  /** The request that carries it outlives the page. */
  isLeaving: boolean
  waiting: (() => void)[]
}

export interface OpenEventsOptions {
  readonly network: Pick<PageLifecycle, 'isOnline' | 'answered' | 'failed'>
  readonly clock: Clock
  /** A request has failed. */
  troubled(): void
  /** The set of open events has changed. Optional. */
  changed?: (() => void) | undefined
}

export function createOpenEvents({ network, clock, troubled, changed }: OpenEventsOptions): OpenEvents {
  const open = new Set<OpenEvent>()
  let isTroubled = false
  let answeredAt = 0
  const wondering: ((isWell: boolean) => void)[] = []

  const tell = (event: OpenEvent) => {
    const { waiting } = event
    event.waiting = []
    for (const run of waiting) run()
  }

  const answered = (isGood: boolean) => {
    isTroubled = !isGood
    answeredAt = clock.now()
    for (const run of wondering.splice(0)) run(isGood)
    if (isGood) return
    troubled()
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
    whenAnswered(time, run) {
      if (answeredAt < time) wondering.push(run)
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
