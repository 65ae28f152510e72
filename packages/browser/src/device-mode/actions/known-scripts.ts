import { isPlainObject } from '@sluice/core'
import { createMemoryStore } from '@sluice/core/internal'
import type { InitOptions } from '../../options'
import type { RemotePlugin } from '../../settings/cdn-settings'
import { guarded } from '../../storage/guarded'
import { createLocalStore } from '../../storage/local-store'

/**
 * A script brought nothing that sees events before they are sent; or something that does; or it was missing when events had
 * waited long enough.
 */
export type ScriptKind = 'sending' | 'shaping' | 'missing'

/** What earlier visits have shown of scripts. */
export interface KnownScripts {
  /** What is known of the script with the settings that it has now. */
  kindOf(entry: RemotePlugin): ScriptKind | undefined
  note(entry: RemotePlugin, kind: ScriptKind): void
}

const key = 'sluice:actions:v1'

/** Of so many scripts, of all sources of the site. The ones that were noted first make room. */
const maxKnown = 100

/** Remembers what scripts bring, where the settings of the source may be kept as well. */
export function createKnownScripts({
  store,
  cacheSettings = true,
  disableClientPersistence,
}: InitOptions): KnownScripts {
  const mayKeep = cacheSettings && !disableClientPersistence
  const kept = mayKeep ? (store ?? createLocalStore()) : createMemoryStore()
  const read = (): ReadonlyMap<string, ScriptKind> => {
    const kinds: unknown = guarded(() => JSON.parse(kept.get(key) ?? '{}'))
    return new Map(isPlainObject(kinds) ? Object.entries(kinds).filter(isKnown) : [])
  }
  return {
    kindOf: (entry) => read().get(markOf(entry)),
    note(entry, kind) {
      const mark = markOf(entry)
      const kinds = new Map(read())
      if (kinds.get(mark) === kind) return
      kinds.delete(mark)
      kinds.set(mark, kind)
      kept.set(key, JSON.stringify(Object.fromEntries([...kinds].slice(-maxKnown))))
    },
  }
}

function isKnown(kept: [string, unknown]): kept is [string, ScriptKind] {
  return kept[1] === 'sending' || kept[1] === 'shaping' || kept[1] === 'missing'
}

/** Another version of the script has another address; other settings may make it bring other plugins. */
function markOf(entry: RemotePlugin): string {
  let hash = 0
  // Settings that a page brings along may be anything.
  const text = guarded(() => JSON.stringify(entry)) ?? entry.url
  for (const letter of text) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) | 0
  return `${entry.creationName} ${hash.toString(36)}`
}
