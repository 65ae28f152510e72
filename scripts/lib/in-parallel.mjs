/** Runs tasks side by side, but no more of them than there are cores for. */
import { availableParallelism } from 'node:os'

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => Promise<unknown>} task
 */
export async function inParallel(items, task) {
  const waiting = items.values()
  const work = async () => {
    for (const item of waiting) await task(item)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
}
