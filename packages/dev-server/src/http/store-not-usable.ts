import { describeStoreFailure } from '../store/store-failure'
import { Problem } from './problem'

/** The one answer to a store that fails. 503 makes SDKs keep their events and come back, which is right: none is on disk. */
export function storeNotUsable(what: string, cause: unknown): Problem {
  return new Problem(503, 'store_not_usable', `${what}: ${describeStoreFailure(cause)}`)
}
