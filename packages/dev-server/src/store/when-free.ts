import { setTimeout as sleep } from 'node:timers/promises'
import { isBusy } from './store-failure'

const longestWaitMs = 1_000
const pauseMs = 20

/**
 * Uses the store as soon as no other process holds its lock. The driver could wait, too, but everything else would have to
 * wait with it; so the tries are short, with pauses for others between them. Rejects after a second, counted from `since`.
 */
export async function whenFree<Result>(use: () => Result, since = performance.now()): Promise<Result> {
  while (true) {
    try {
      return use()
    } catch (cause) {
      if (!isBusy(cause) || performance.now() - since > longestWaitMs) throw cause
    }
    await sleep(pauseMs)
  }
}
