import type { CoreAnalytics } from '../analytics'
import type { CoreContext } from '../context'
import { ValidationError } from '../errors'
import type { Anything } from '../events/json'
import type { TimeLimit } from '../flow/time-limit'
import { withTimeLimit } from '../flow/time-limit'
import type { CorePlugin } from './types'

const types: unknown[] = ['before', 'after', 'destination', 'enrichment', 'utility']

/** Throws a `ValidationError` for what cannot be a plugin. */
export function assertPlugin(plugin: unknown): asserts plugin is CorePlugin {
  if (typeof plugin !== 'object' || plugin === null) throw new ValidationError('plugin', 'is not an object')
  const { name, type } = plugin as { name?: unknown; type?: unknown }
  if (typeof name !== 'string' || !name) throw new ValidationError('plugin.name', 'is not a string')
  if (!types.includes(type)) {
    throw new ValidationError('plugin.type', `of ${name} is none of ${types.join(', ')}`)
  }
}

/** Calls the plugin's `load` once. Rejects with whatever it throws or rejects with, or when it takes too long. */
export async function loadPlugin<Ctx extends CoreContext>(
  ctx: Ctx,
  plugin: CorePlugin<Ctx, Anything>,
  instance: CoreAnalytics,
  limit: TimeLimit,
): Promise<void> {
  // Those written in plain JavaScript may leave it out, or answer no promise.
  const { load, name }: Partial<typeof plugin> = plugin
  await withTimeLimit(load?.call(plugin, ctx, instance), limit, `load of plugin ${name}`)
}
