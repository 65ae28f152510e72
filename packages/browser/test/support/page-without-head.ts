import { vi } from 'vitest'

/** Documents of XHTML may have no head. Answers what `run` puts on such a page. */
export function withoutHead(run: () => void): unknown[] {
  const put: unknown[] = []
  const { head, documentElement } = document
  vi.spyOn(documentElement, 'append').mockImplementation((...nodes) => void put.push(...nodes))
  head.remove()
  try {
    run()
  } finally {
    documentElement.prepend(head)
  }
  return put
}
