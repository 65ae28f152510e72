/** Listens where an event comes last. Answers how to stop. */
export type ListenLast<E> = (run: (event: E) => void) => () => void

/**
 * Runs when everybody else has seen the event: only then is it known whether somebody, such as the router of a
 * single-page application, has taken the matter into their own hands. Never runs when the event is stopped on its way.
 */
export function atEnd<E>(event: E, listenLast: ListenLast<E>, run: () => void): void {
  const stop = listenLast((later) => {
    // If ours was stopped, this is another.
    stop()
    if (later === event) run()
  })
}

/** Where an event of the browser comes last: mostly the window, for some events the root of a shadow tree. */
export function lastTargetOf(event: Event): EventTarget {
  return event.composedPath().at(-1) ?? window
}

export function listenOn(target: EventTarget, type: string): ListenLast<Event> {
  return (run) => {
    target.addEventListener(type, run)
    return () => target.removeEventListener(type, run)
  }
}
