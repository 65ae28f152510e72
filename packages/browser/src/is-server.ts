import { isPage } from './past-markup'

/** Whether this runs where no visitor is: pages are rendered on servers, too. Workers of browsers are none. */
export function isServer(): boolean {
  if (isPage()) return false
  const {
    WorkerGlobalScope,
    navigator,
  }: { WorkerGlobalScope?: unknown; navigator?: { userAgent?: string } } = globalThis
  // One host of servers calls its scope a worker's.
  return !WorkerGlobalScope || navigator?.userAgent === 'Cloudflare-Workers'
}
