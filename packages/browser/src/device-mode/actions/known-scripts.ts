import { createMemoryStore } from '@sluice/core/internal'
import type { InitOptions } from '../../options'
import type { Plugin } from '../../plugin'
import type { RemotePlugin } from '../../settings/cdn-settings'
import { guarded } from '../../storage/guarded'
import { createLocalStore } from '../../storage/local-store'

/** What earlier visits have shown of scripts. */
export interface KnownScripts {
  /** Whether the script, with the settings that it has now, brought nothing but destinations: no event has to wait for it. */
  bringsOnlyDestinations(entry: RemotePlugin): boolean
  note(entry: RemotePlugin, actions: readonly Plugin[]): void
}

const key = 'sluice:actions:v1'

/** Remembers of `entries` what they bring, where the settings of the source may be kept as well. */
export function createKnownScripts(
  entries: readonly RemotePlugin[],
  { store, cacheSettings = true, disableClientPersistence }: InitOptions,
): KnownScripts {
  const mayKeep = cacheSettings && !disableClientPersistence
  const kept = mayKeep ? (store ?? createLocalStore()) : createMemoryStore()
  const read = () => {
    const marks: unknown = guarded(() => JSON.parse(kept.get(key) ?? '[]'))
    return new Set(Array.isArray(marks) ? marks : [])
  }
  return {
    bringsOnlyDestinations: (entry) => read().has(markOf(entry)),
    note(entry, actions) {
      const mark = markOf(entry)
      const marks = read()
      const areDestinations = actions.every(({ type }) => type === 'destination')
      if (marks.has(mark) === areDestinations) return
      if (areDestinations) marks.add(mark)
      else marks.delete(mark)
      // Those of scripts that the source no longer has are forgotten.
      const current = entries.map(markOf)
      kept.set(key, JSON.stringify(current.filter((other) => marks.has(other))))
    },
  }
}

/** Another version of the script has another address; other settings may make it bring other plugins. */
function markOf(entry: RemotePlugin): string {
  let hash = 0
  // Settings that a page brings along may be anything.
  const text = guarded(() => JSON.stringify(entry)) ?? entry.url
  for (const letter of text) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) | 0
  return `${entry.creationName} ${hash.toString(36)}`
}
