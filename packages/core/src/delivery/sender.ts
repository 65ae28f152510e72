import type { Clock } from '../ports/clock'
import type { Lifecycle } from '../ports/lifecycle'
import type { Exchange, Transport } from '../ports/transport'
import type { Outcome, Retry } from './outcome'
import { noAnswer, readOutcome } from './outcome'
import type { RetryPolicy } from './retry-policy'
import { shortestPause } from './retry-policy'

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
  message(job: Job): Message
  /** A job the server finds too large, in two; nothing if it cannot be divided. */
  split(job: Job): Job[] | undefined
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
  /** Does so when the present call is over: that one belongs to the application. */
  wakeSoon(): void
  /**
   * The page or process may end now: sends what is new at once, beyond the usual number of requests, unless the server
   * is ill or asked for a pause. What the transport refuses waits as if this had not been.
   */
  leave(): void
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
  const inFlight = new Set<Shipment<Job>>()
  let waiting: Shipment<Job>[] = []
  let failuresInARow = 0
  let pausedUntil = 0
  let limitedSince: number | undefined
  let isWaking = false
  let timer: { readonly at: number; cancel(): void } | undefined

  const isAiling = () => failuresInARow >= ailingAfter

  const wake = () => {
    for (let room = currentRoom(); room > 0; room = currentRoom()) {
      if (!lifecycle.isOnline()) return
      const now = clock.now()
      giveUpLimited(now)
      if (pausedUntil > now) return sleepUntil(pausedUntil)
      const shipment = takeDue(now) ?? takeNew(room)
      if (!shipment) return sleepUntil(earliest(waiting))
      exchange(shipment, false)
    }
  }
  lifecycle.onOnline(wake)

  const wakeSoon = () => {
    if (isWaking) return
    isWaking = true
    void Promise.resolve().then(() => {
      isWaking = false
      wake()
    })
  }

  const currentRoom = () => (isAiling() ? 1 : options.maxInFlight) - inFlight.size

  // Called for every event that comes while nothing can be sent: mostly the timer is there already.
  const sleepUntil = (at: number) => {
    if (timer?.at === at) return
    timer?.cancel()
    timer = undefined
    if (at === Number.POSITIVE_INFINITY) return
    const wakeUp = () => {
      timer = undefined
      wake()
    }
    timer = { at, cancel: clock.after(Math.max(at - clock.now(), 0), wakeUp) }
  }

  const takeDue = (now: number) => {
    const due = waiting.find((shipment) => shipment.dueAt <= now)
    if (due) waiting = waiting.filter((shipment) => shipment !== due)
    return due
  }

  const takeNew = (room: number) => {
    if (isAiling() && waiting.length > 0) return undefined
    const job = options.next(room, false)
    return job === undefined ? undefined : newShipment(job)
  }

  /** Answers false if the transport refused. */
  const exchange = (shipment: Shipment<Job>, isLeaving: boolean): boolean => {
    const answered = (outcome: Outcome) => {
      if (inFlight.delete(shipment)) settle(shipment, outcome)
    }
    inFlight.add(shipment)
    try {
      const { body, path } = options.message(shipment.job)
      shipment.exchange = transport.exchange({ body, path, retryCount: shipment.tries, isLeaving })
      if (!shipment.exchange && isLeaving) return false
      if (!shipment.exchange) throw new Error('The transport made no request')
      shipment.tries++
      shipment.exchange.answer.then(
        (response) => answered(readOutcome(response, policy, clock.now())),
        (reason) => answered(noAnswer(reason)),
      )
    } catch (reason) {
      shipment.tries++
      answered(noAnswer(reason))
    }
    return true
  }

  const leave = () => {
    if (!lifecycle.isOnline() || isAiling() || pausedUntil > clock.now()) return
    const takeNext = () => options.next(Number.POSITIVE_INFINITY, true)
    for (let job = takeNext(); job !== undefined; job = takeNext()) {
      const shipment = newShipment(job)
      if (exchange(shipment, true)) continue
      inFlight.delete(shipment)
      waiting.push(shipment)
      break
    }
    wake()
  }

  const settle = (shipment: Shipment<Job>, outcome: Outcome) => {
    if (outcome.type === 'retry') waitOrGiveUp(shipment, outcome)
    else {
      recover()
      const parts =
        outcome.type === 'rejected' && outcome.isTooLarge ? options.split(shipment.job) : undefined
      if (parts) waiting.push(...parts.map((job) => ({ ...shipment, job })))
      else options.ended(shipment.job, outcome.type === 'rejected' ? outcome : undefined)
    }
    wake()
  }

  // The server answers: those that waited only because it did not need wait no longer.
  const recover = () => {
    if (isAiling()) for (const shipment of waiting) shipment.dueAt = 0
    failuresInARow = 0
    limitedSince = undefined
  }

  const waitOrGiveUp = (shipment: Shipment<Job>, retry: Retry) => {
    const now = clock.now()
    failuresInARow = retry.quietsAll ? ailingAfter : failuresInARow + 1
    if (retry.isCounted) {
      shipment.retries++
      shipment.firstFailureAt ??= now
    } else {
      shipment.isLimited = true
      limitedSince ??= now
    }
    const isGivenUp =
      shipment.retries > policy.maxRetries ||
      shipment.tries > policy.maxRetries + policy.maxUncountedRetries ||
      now - (shipment.firstFailureAt ?? now) > policy.maxTotalBackoffMs
    if (isGivenUp) {
      options.ended(shipment.job, retry)
      return
    }
    const delay =
      retry.afterMs === undefined ? policy.delayMs(shipment.retries) : Math.max(retry.afterMs, shortestPause)
    if (retry.quietsAll) pausedUntil = Math.max(pausedUntil, now + delay)
    shipment.dueAt = now + delay
    waiting.push(shipment)
  }

  const giveUpLimited = (now: number) => {
    if (limitedSince === undefined) return
    const end = limitedSince + policy.maxRateLimitMs
    if (now < end) {
      // The pause must not outlast the time after which we give up.
      pausedUntil = Math.min(pausedUntil, end)
      return
    }
    const refused = waiting.filter((shipment) => shipment.isLimited)
    waiting = waiting.filter((shipment) => !shipment.isLimited)
    limitedSince = undefined
    pausedUntil = 0
    const reason = new Error('Rate limit duration exceeded')
    for (const shipment of refused) options.ended(shipment.job, { reason })
  }

  return {
    wake,
    wakeSoon,
    leave,
    fail(reason) {
      sleepUntil(Number.POSITIVE_INFINITY)
      const ended = [...inFlight, ...waiting]
      inFlight.clear()
      waiting = []
      for (const shipment of ended) {
        shipment.exchange?.abort()
        options.ended(shipment.job, { reason })
      }
    },
  }
}

/** A job and what happened to it so far. */
interface Shipment<Job> {
  readonly job: Job
  /** Requests made. */
  tries: number
  /** Counted failures. */
  retries: number
  firstFailureAt: number | undefined
  /** Not to be sent before, in ms since 1970. */
  dueAt: number
  /** Whether the server refused it because it had too much from us. */
  isLimited: boolean
  exchange: Exchange | undefined
}

function newShipment<Job>(job: Job): Shipment<Job> {
  return {
    job,
    tries: 0,
    retries: 0,
    firstFailureAt: undefined,
    dueAt: 0,
    isLimited: false,
    exchange: undefined,
  }
}

function earliest(waiting: Shipment<unknown>[]): number {
  return waiting.reduce((soonest, { dueAt }) => Math.min(soonest, dueAt), Number.POSITIVE_INFINITY)
}
