import type { InitOptions } from '../options'

/** How long events wait for scripts that have to see them before they are sent, in ms. */
export function patienceMs({ remotePluginWait = 1_000 }: InitOptions): number {
  return remotePluginWait
}
