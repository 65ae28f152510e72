/** Leaves the page by `go` once `wait` is over. */
export type LeaveLater = (wait: Promise<unknown>, go: () => void) => void

/**
 * Holds a visitor's step to another page back until its event is safe. An impatient visitor takes one step, the last they
 * asked for, and waits no longer for it. Who has left by other means meanwhile stays where they went, also when they come
 * back to this page.
 */
export function createLeaveLater(): LeaveLater {
  let next: (() => void) | undefined
  const forget = () => {
    next = undefined
  }
  return (wait, go) => {
    const isWaiting = next !== undefined
    next = go
    if (isWaiting) return
    addEventListener('pagehide', forget)
    // Within a submission browsers make no other one, nor do they say so.
    const eventIsOver = new Promise((resolve) => setTimeout(resolve))
    void Promise.all([wait, eventIsOver]).then(() => {
      removeEventListener('pagehide', forget)
      const leave = next
      forget()
      leave?.()
    })
  }
}
