import { globalNamed } from '../past-markup'

/** The part of jQuery that is used here. */
type JQuery = (target: EventTarget) => {
  on(event: 'submit', run: (event: JQueryEvent) => void): void
  off(event: 'submit', run: (event: JQueryEvent) => void): void
}

export interface JQueryEvent {
  readonly target: EventTarget
  readonly originalEvent?: Event | undefined
  isDefaultPrevented(): boolean
  preventDefault(): void
}

type Run = (event: JQueryEvent) => void

/**
 * Listens to what jQuery alone is told: its `submit()` makes no event that browsers know. Where jQuery comes later than
 * this call, it is found when the page has loaded. Answers how to stop.
 */
export function onJQuerySubmit(target: EventTarget, run: Run): () => void {
  let stop: (() => void) | undefined
  const hear: Run = (event) => {
    // What the browser told jQuery, it tells everybody.
    if (!event.originalEvent) run(event)
  }
  const listen = () => {
    const jQuery: unknown = globalNamed('jQuery')
    try {
      const list = (jQuery as JQuery)(target)
      list.on('submit', hear)
      stop = () => list.off('submit', hear)
    } catch {
      // It is not there, or something else has its name, such as a list of what to do when it is there.
    }
  }
  listen()
  if (stop) return stop
  addEventListener('load', listen, { once: true })
  return () => {
    removeEventListener('load', listen)
    stop?.()
  }
}
