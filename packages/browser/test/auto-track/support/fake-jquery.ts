/** An event as jQuery has it: its own when it was triggered, around the browser's otherwise. */
export interface FakeEvent {
  readonly target: EventTarget
  readonly originalEvent?: Event
  isDefaultPrevented(): boolean
  preventDefault(): void
}

type Run = (event: FakeEvent) => void

/** What jQuery does about `submit`: `trigger` tells those who listen through it and then submits, without an event. */
export function createFakeJQuery() {
  const listeners = new Map<EventTarget, Set<Run>>()

  const tell = (target: EventTarget, event: FakeEvent) => {
    for (const run of [...(listeners.get(target) ?? [])]) run(event)
  }

  return (target: EventTarget) => ({
    on(type: 'submit', run: Run) {
      if (!listeners.has(target)) {
        listeners.set(target, new Set())
        target.addEventListener(type, (originalEvent) =>
          tell(target, {
            target: originalEvent.target ?? target,
            originalEvent,
            isDefaultPrevented: () => originalEvent.defaultPrevented,
            preventDefault: () => originalEvent.preventDefault(),
          }),
        )
      }
      listeners.get(target)?.add(run)
    },
    off(_type: 'submit', run: Run) {
      listeners.get(target)?.delete(run)
    },
    trigger(_type: 'submit') {
      let isPrevented = false
      const event: FakeEvent = {
        target,
        isDefaultPrevented: () => isPrevented,
        preventDefault() {
          isPrevented = true
        },
      }
      for (let node = target as Node | null; node; node = node.parentNode) tell(node, event)
      tell(window, event)
      if (!isPrevented && 'submit' in target && typeof target.submit === 'function') target.submit()
    },
  })
}
