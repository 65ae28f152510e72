import { vi } from 'vitest'

/** The scripts that are put on the page from now on. Nothing is fetched: the test says what becomes of each. */
export interface HeldScripts {
  /** Those that have not been taken off the page. */
  all(): HTMLScriptElement[]
  /** What the browser would say of the one at `index`. */
  fire(type: 'load' | 'error', index?: number): void
}

/** Until `vi.restoreAllMocks()`. */
export function holdScripts(): HeldScripts {
  // Scripts that are on no page are never fetched.
  const box = document.createElement('div')
  vi.spyOn(document.head, 'append').mockImplementation((...nodes) => box.append(...nodes))
  const all = () => [...box.querySelectorAll('script')]
  return {
    all,
    fire: (type, index = 0) => all()[index]?.dispatchEvent(new Event(type)),
  }
}
