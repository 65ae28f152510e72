import { vi } from 'vitest'

/** Documents of XHTML may have no head. Answers what is put on such a page, until `vi.restoreAllMocks()`. */
export function pageWithoutHead(): unknown[] {
  const put: unknown[] = []
  // The types know HTML alone, which always has one.
  const none: unknown = null
  vi.spyOn(document, 'head', 'get').mockReturnValue(none as HTMLHeadElement)
  vi.spyOn(document.documentElement, 'append').mockImplementation((...nodes) => void put.push(...nodes))
  return put
}
