import { isPlainObject, isString } from '@sluice/core'
import type { Analytics } from '../../analytics'
import type { RemotePlugin } from '../../settings/cdn-settings'
import { tellFailure } from '../reports'

/**
 * The destinations of the source that the page wants: either name may switch one off, or on where all are off. Entries
 * that were written by hand or long ago have one name alone. What cannot be used is told.
 */
export function wantedDestinations(analytics: Analytics): RemotePlugin[] {
  const entries: unknown = analytics.settings.cdnSettings.remotePlugins ?? []
  if (!Array.isArray(entries)) {
    tellFailure(analytics, 'remotePlugins', new TypeError('remotePlugins of the settings is no list'))
    return []
  }
  return entries.flatMap((entry: unknown) => {
    const found = readEntry(entry)
    if (!found) {
      tellFailure(analytics, 'of an entry', new TypeError('An entry of remotePlugins needs a name'))
    }
    return found && isWanted(found, analytics) ? [found] : []
  })
}

function readEntry(entry: unknown): RemotePlugin | undefined {
  if (!isPlainObject(entry) || !isFilled(entry.name)) return undefined
  const { name, creationName } = entry
  return { ...(entry as object as RemotePlugin), creationName: isFilled(creationName) ? creationName : name }
}

function isWanted({ name, creationName }: RemotePlugin, { integrations }: Analytics): boolean {
  const choices = [integrations[creationName], integrations[name]]
  if (choices.includes(false)) return false
  return integrations.All !== false || choices.some(Boolean)
}

const isFilled = (value: unknown): value is string => isString(value) && value !== ''
