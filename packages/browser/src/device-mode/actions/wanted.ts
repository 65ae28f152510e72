import { isPlainObject, isString } from '@sluice/core'
import type { Analytics } from '../../analytics'
import type { RemotePlugin } from '../../settings/cdn-settings'

/** Whether the page wants this destination: either of its names may switch it off, or on where all are off. */
export function isWanted(entry: unknown, { integrations }: Analytics): entry is RemotePlugin {
  if (!isPlainObject(entry)) return false
  const { name, creationName } = entry
  if (!isString(name) || !isString(creationName) || !creationName) return false
  const choices = [integrations[creationName], integrations[name]]
  if (choices.includes(false)) return false
  return integrations.All !== false || choices.some(Boolean)
}
