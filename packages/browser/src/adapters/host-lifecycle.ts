import { isPage } from '../past-markup'
import { createPageLifecycle, type PageLifecycle } from './page-lifecycle'
import { createWorkerLifecycle } from './worker-lifecycle'

/** The life of whatever this code runs in. */
export function createHostLifecycle(): PageLifecycle {
  return isPage() ? createPageLifecycle(window) : createWorkerLifecycle(globalThis)
}
