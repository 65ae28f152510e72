import type { Hook, PluginLike } from './library'

/** A plugin with one hook for `track` and whatever else the test wants to set. */
export function plugin(type: string, name: string, track?: Hook, rest: Partial<PluginLike> = {}): PluginLike {
  return {
    name,
    type,
    version: '1.0.0',
    isLoaded: () => true,
    load: async () => {},
    ...(track === undefined ? {} : { track }),
    ...rest,
  }
}
