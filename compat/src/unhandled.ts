import { setTimeout as realDelay } from 'node:timers/promises'

type RejectionListener = (reason: unknown, promise: Promise<unknown>) => void

/** Runs a script and collects the rejections that nobody handles, each of which would end a Node process. */
export async function unhandledRejections(script: () => Promise<unknown>): Promise<unknown[]> {
  const collected: unknown[] = []
  const usual = process.listeners('unhandledRejection') as RejectionListener[]
  process.removeAllListeners('unhandledRejection')
  const collect: RejectionListener = (reason) => collected.push(reason)
  process.on('unhandledRejection', collect)
  try {
    await script()
    await realDelay(10)
  } finally {
    process.off('unhandledRejection', collect)
    for (const listener of usual) process.on('unhandledRejection', listener)
  }
  return collected
}
