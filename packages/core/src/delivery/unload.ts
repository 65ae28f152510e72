import type { Shipment } from './shipment'
import { never } from './shipment'

/** What the sender lends. */
export interface Unloading<Job> {
  readonly waiting: Set<Shipment<Job>>
  readonly underWay: Set<Shipment<Job>>
  /** Whether requests can and may be made now. */
  readonly mayBegin: boolean
  /** The next new job, small enough for a request that outlives the page. */
  takeNew(): Shipment<Job> | undefined
  /** Sends it in a request that outlives the page. Returns false if the transport refused. */
  send(shipment: Shipment<Job>): boolean
  /** See `SenderOptions`. */
  join?(job: Job, other: Job): Job | undefined
  left?(job: Job): void
}

export type Unload = <Job>(sender: Unloading<Job>) => void

/** Puts everything that would end with the page into requests that do not, as long as the transport makes them. */
export const unload: Unload = (sender) => {
  const { underWay } = sender
  if (sender.mayBegin) takeAlong(sender)
  for (const shipment of underWay) {
    if (shipment.exchange?.outlivesPage) shipment.outlivesPage = true
    if (shipment.outlivesPage) sender.left?.(shipment.job)
  }
}

function takeAlong<Job>({ waiting, underWay, ...sender }: Unloading<Job>): void {
  const open = [...waiting, ...underWay].filter(({ outlivesPage, exchange }) => {
    return !(outlivesPage || exchange?.outlivesPage)
  })
  // A request that is given up for another does not count.
  const triesOf = (shipment: Shipment<Job>) => shipment.tries - (underWay.has(shipment) ? 1 : 0)
  const nextPart = () => open.shift() ?? sender.takeNew()
  let part = nextPart()
  while (part) {
    let together = { ...part, tries: triesOf(part) }
    const parts = [part]
    for (part = nextPart(); part; part = nextPart()) {
      const job = sender.join?.(together.job, part.job)
      if (job === undefined) break
      together = joined(together, { ...part, job, tries: triesOf(part) })
      parts.push(part)
    }
    if (!sender.send(together)) {
      // Those that had not begun begin in the usual way, if there is time.
      for (const one of part ? [...parts, part] : parts) if (!underWay.has(one)) waiting.add(one)
      return
    }
    for (const one of parts) {
      waiting.delete(one)
      if (underWay.delete(one)) one.exchange?.abort()
    }
  }
}

/** Two that go on as one: the job is that of the second, and neither is tried more often than it would be alone. */
function joined<Job>(one: Shipment<Job>, other: Shipment<Job>): Shipment<Job> {
  const firstFailureAt = Math.min(one.firstFailureAt ?? never, other.firstFailureAt ?? never)
  return {
    job: other.job,
    tries: Math.min(one.tries, other.tries),
    retries: Math.max(one.retries, other.retries),
    dueAt: 0,
    isLimited: one.isLimited || other.isLimited || false,
    ...(firstFailureAt < never && { firstFailureAt }),
  }
}
