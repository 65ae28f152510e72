/** Resolves when it is the caller's turn to work for a few milliseconds. */
export type WaitTurn = () => Promise<void>

/**
 * Hands out turns, one for each round of the event loop, whoever asks: however much long work is under way, every other
 * request waits for one piece of it and no more.
 */
export function createTurns(): WaitTurn {
  const waiting: (() => void)[] = []
  const giveTurn = () => {
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(giveTurn)
  }
  return () =>
    new Promise((resolve) => {
      if (waiting.length === 0) setImmediate(giveTurn)
      waiting.push(resolve)
    })
}
