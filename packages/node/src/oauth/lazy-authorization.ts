import { singleFlight } from '@sluice/core/internal'
import type { Authorization } from '../http/authorization'

/**
 * An authorization that is loaded when the first header is needed: only those who use OAuth pay for it. What could not
 * be loaded is loaded again for the next request.
 */
export function lazyAuthorization(load: () => Promise<Authorization>): Authorization {
  let loaded: Authorization | undefined
  let isStopped = false

  const loadOnce = singleFlight(async () => {
    loaded = await load()
    if (isStopped) loaded.stop()
    return loaded
  })

  return {
    async header() {
      const authorization = loaded ?? (await loadOnce())
      return authorization.header()
    },
    refused: (status, header) => loaded?.refused(status, header) ?? false,
    lastFailure: () => loaded?.lastFailure(),
    stop() {
      isStopped = true
      loaded?.stop()
    },
  }
}
