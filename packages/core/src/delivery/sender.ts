import type { Clock } from '../ports/clock'
import type { Lifecycle } from '../ports/lifecycle'
import type { Transport } from '../ports/transport'
import type { Outcome, Retry } from './outcome'
import { noAnswer, readOutcome } from './outcome'
import type { RetryPolicy } from './retry-policy'
import { shortestPause } from './retry-policy'
import type { Shipment } from './shipment'
import { never } from './shipment'
import type { Unload } from './unload'

export interface SenderOptions<Job> {
  readonly transport: Transport
  readonly clock: Clock
  readonly lifecycle: Lifecycle
  readonly policy: RetryPolicy
  /** Exchanges under way at the same time, at most. */
  readonly maxInFlight: number
  /**
   * The next new job, if one is due. Asked whenever there is room for it; `room` is for how many, this one included. On
   * leaving it has to be small enough for a request that outlives the page.
   */
  next(room: number, isLeaving: boolean): Job | undefined
  /** What is sent for a job, and where to; made anew for each try. */
  message(job: Job, retryCount: number): Message
  /** A job the server finds too large, in two; nothing if it cannot be divided. */
  split(job: Job): Job[] | undefined
  /** Sends what would end with the page. Without it nothing more is sent on leaving: there is no page. */
  readonly unload?: Unload | undefined
  /** Two jobs as one; nothing if that is too large for a request that outlives the page. */
  join?(job: Job, other: Job): Job | undefined
  /** The page is left, and a request that outlives it carries this job. */
  left?(job: Job): void
  /** That request has failed. */
  stayed?(job: Job): void
  /** Hears, once for every job, how it ended. */
  ended(job: Job, failure?: { readonly reason: unknown }): void
}

export interface Message {
  readonly body: string
  /** Below the address that the transport knows. */
  readonly path: string
}

/** The one retry loop: sends jobs, reads the answers, waits and tries again. */
export interface Sender {
  /** Looks whether there is something to do: a new job, or the network is back. */
  wake(): void
  /** Does so soon: the present call belongs to the application. */
  wakeSoon(): void
  /**
   * The page or process may end now: everything that is not answered goes at once, whether it is new, waits to be tried
   * again, or is under way in a request that would end with the page; that one is given up. So does it whatever the
   * server answered before, for there may be no other time. A pause that it asked for holds if everything is kept
   * elsewhere. What the transport refuses stays as if this had not been.
   */
  leave(isKept: boolean): void
  /** Ends all jobs that are waiting or under way. */
  fail(reason: unknown): void
}

/** After so many failures in a row, whoever they belonged to, the server is taken to be down. */
const ailingAfter = 3

/**
 * While the server is well, up to `maxInFlight` jobs are under way. Once it looks ill or asks for a pause, jobs that
 * failed go alone, one after the other, and new ones wait where they can still be put together, until an answer shows
 * that it is back; then everything goes on at once. So an outage costs one timer and few requests, and its end no
 * stampede.
 */
export function createSender<Job>(options: SenderOptions<Job>): Sender {
  const { transport, clock, lifecycle, policy } = options
  const underWay = new Set<Shipment<Job>>()
  const waiting = new Set<Shipment<Job>>()
  let failuresInARow = 0
  let pausedUntil = 0
  /** When those that the server refuses with 429 are given up, all at once. */
  let limitEndsAt = never
  let wakesAt = never
  let cancelTimer = () => {}
  let isWaking = false

  const soon = lifecycle.soon ?? ((run) => void Promise.resolve().then(run))
  const isAiling = () => failuresInARow >= ailingAfter
  const currentRoom = () => (isAiling() ? 1 : options.maxInFlight) - underWay.size

  const wake = () => {
    for (let room = currentRoom(); room > 0 && lifecycle.isOnline(); room = currentRoom()) {
      const now = clock.elapsed()
      giveUpLimited(now)
      if (pausedUntil > now) {
        sleepUntil(pausedUntil)
        return
      }
      const shipment = takeDue(now) ?? takeNew(room)
      if (!shipment) {
        sleepUntil(Math.min(...[...waiting].map(({ dueAt }) => dueAt)))
        return
      }
      exchange(shipment, false)
    }
  }
  lifecycle.onOnline(wake)

  // Called for every event that comes while nothing can be sent: mostly the timer is there already.
  const sleepUntil = (at: number) => {
    if (at === wakesAt) return
    cancelTimer()
    wakesAt = at
    if (at === never) return
    cancelTimer = clock.after(at - clock.elapsed(), () => {
      wakesAt = never
      wake()
    })
  }

  const takeDue = (now: number) => {
    for (const shipment of waiting) {
      if (shipment.dueAt > now) continue
      waiting.delete(shipment)
      return shipment
    }
    return undefined
  }

  const takeNew = (room: number, isLeaving = false): Shipment<Job> | undefined => {
    if (isAiling() && waiting.size > 0 && !isLeaving) return undefined
    const job = options.next(room, isLeaving)
    return job === undefined ? undefined : { job, tries: 0, retries: 0, dueAt: 0 }
  }

  /** Answers false if the transport refused. */
  const exchange = (shipment: Shipment<Job>, isLeaving: boolean): boolean => {
    const answered = (outcome: Outcome) => {
      if (underWay.delete(shipment)) settle(shipment, outcome)
    }
    underWay.add(shipment)
    try {
      const { body, path } = options.message(shipment.job, shipment.tries)
      const retryCount = shipment.tries++
      shipment.exchange = transport.exchange({ body, path, retryCount, isLeaving })
      if (!shipment.exchange) {
        if (!isLeaving) throw new Error('The transport made no request')
        underWay.delete(shipment)
        return false
      }
      shipment.outlivesPage = isLeaving
      shipment.exchange.answer.then(
        (response) => answered(readOutcome(response, policy, clock.now())),
        (reason) => answered(noAnswer(reason)),
      )
    } catch (reason) {
      answered(noAnswer(reason))
    }
    return true
  }

  const settle = (shipment: Shipment<Job>, outcome: Outcome) => {
    if (outcome.type === 'retry') waitOrGiveUp(shipment, outcome)
    else {
      // The server answers: those that waited only because it did not need wait no longer.
      if (isAiling()) for (const other of waiting) other.dueAt = 0
      failuresInARow = 0
      limitEndsAt = never
      const failure = outcome.type === 'rejected' ? outcome : undefined
      const parts = failure?.isTooLarge ? options.split(shipment.job) : undefined
      if (parts) for (const job of parts) waiting.add({ ...shipment, job })
      else options.ended(shipment.job, failure)
    }
    wake()
  }

  const waitOrGiveUp = (shipment: Shipment<Job>, retry: Retry) => {
    const now = clock.elapsed()
    const { afterMs, quietsAll } = retry
    failuresInARow = quietsAll ? ailingAfter : failuresInARow + 1
    if (retry.isLimited) {
      shipment.isLimited = true
      limitEndsAt = Math.min(limitEndsAt, now + policy.maxRateLimitMs)
    } else {
      shipment.retries++
      shipment.firstFailureAt ??= now
    }
    if (
      shipment.retries > policy.maxRetries ||
      shipment.tries > policy.maxRetries + policy.maxUncountedRetries ||
      now - (shipment.firstFailureAt ?? now) > policy.maxTotalBackoffMs
    ) {
      options.ended(shipment.job, retry)
      return
    }
    if (shipment.outlivesPage) options.stayed?.(shipment.job)
    shipment.outlivesPage = false
    shipment.exchange = undefined
    shipment.dueAt =
      now + (afterMs === undefined ? policy.delayMs(shipment.retries) : Math.max(afterMs, shortestPause))
    if (quietsAll) pausedUntil = Math.max(pausedUntil, shipment.dueAt)
    waiting.add(shipment)
  }

  const giveUpLimited = (now: number) => {
    // No pause may outlast the time after which we give up.
    pausedUntil = Math.min(pausedUntil, limitEndsAt)
    if (limitEndsAt > now) return
    limitEndsAt = never
    for (const shipment of waiting) {
      if (!shipment.isLimited) continue
      waiting.delete(shipment)
      options.ended(shipment.job, { reason: new Error('Rate limit duration exceeded') })
    }
  }

  return {
    wake,
    wakeSoon() {
      if (isWaking) return
      isWaking = true
      soon(() => {
        isWaking = false
        wake()
      })
    },
    leave(isKept) {
      const now = clock.elapsed()
      giveUpLimited(now)
      options.unload?.({
        ...options,
        waiting,
        underWay,
        mayBegin: lifecycle.isOnline() && !(isKept && pausedUntil > now),
        takeNew: () => takeNew(never, true),
        send: (shipment) => exchange(shipment, true),
      })
      wake()
    },
    fail(reason) {
      sleepUntil(never)
      const all = [...underWay, ...waiting]
      underWay.clear()
      waiting.clear()
      for (const { job, exchange } of all) {
        exchange?.abort()
        options.ended(job, { reason })
      }
    },
  }
}
