import type { Analytics } from './analytics'
import { readGlobal } from './global-key'

/** The client that a snippet put on the page, if there is one. */
export function getGlobalAnalytics(): Analytics | undefined {
  return readGlobal() as Analytics | undefined
}
