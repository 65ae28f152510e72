import type { Analytics } from '../analytics'
import type { Context } from '../context'
import type { AnyPlugin } from '../plugins/types'
import { tellFailure } from './reports'

/** Stands for a destination for which the library's own code could not be loaded: it is told of like any that fails to load. */
export function missingDestination(name: string, reason: unknown): AnyPlugin {
  return {
    name,
    type: 'destination',
    version: '1.0.0',
    isLoaded: () => false,
    load(_: Context, analytics: Analytics) {
      tellFailure(analytics, name, reason)
      return Promise.reject(reason)
    },
  }
}
