import type { ID, Traits } from '@sluice/core'
import type { KeyValueStore } from '@sluice/core/internal'
import { guarded } from '../storage/guarded'
import { type StoreType, storeOrder } from '../storage/stores'
import { idFormat } from './id-format'
import type { IdentityPorts, UserOptions } from './options'
import { createSlot, type Format, type Slot } from './slot'

/** What a user and a group have in common: an id and traits, kept where the options say. */
export interface Profile<T extends Traits> {
  /** Sets the id, forgets it when given `null`, and answers what it is then. */
  id(id?: ID): string | null
  /** Replaces the traits, forgets them when given `null`, and answers what they are then. */
  traits(traits?: T | null): T | undefined
  /** What is known after somebody said who this is: traits add to those of the same id and replace those of another. */
  traitsAfter(id?: ID, traits?: T | null): T
  /** The page's cookies, if ids are kept there. */
  readonly cookies: KeyValueStore | undefined
  /** A place for one more id. */
  idSlot(key: string, first?: StoreType): Slot
}

/** What the options leave open. */
export interface ProfileDefaults {
  cookie: { key: string }
  localStorage: { key: string }
}

export function createProfile<T extends Traits>(
  defaults: ProfileDefaults,
  options: UserOptions,
  { stores, clock }: IdentityPorts,
): Profile<T> {
  const { disable, persist, localStorageFallbackDisabled } = options
  const order = storeOrder(options.storage).filter(
    (type) => type !== 'memory' && !(type === 'localStorage' && localStorageFallbackDisabled),
  )
  const lasting = disable || persist === false ? [] : order

  function idSlot(key: string, first?: StoreType): Slot {
    // Sorting is stable: the others keep the order that was asked for.
    const types = [...lasting].sort((a, b) => Number(b === first) - Number(a === first))
    return slot(key, types, idFormat)
  }

  function slot(key: string, types: readonly StoreType[], format: (type: StoreType) => Format): Slot {
    if (disable) return nowhere
    const places = types.map((type) => ({ store: stores[type], ...format(type) }))
    return createSlot(key, places, stores.memory, clock)
  }

  const ids = idSlot(options.cookie?.key ?? defaults.cookie.key)
  const kept = slot(
    options.localStorage?.key ?? defaults.localStorage.key,
    lasting.filter((type) => type !== 'cookie'),
    () => asJson,
  )

  const profile: Profile<T> = {
    id(id) {
      if (id === null) ids.set(null)
      else if (id !== undefined && id !== '') ids.set(String(id))
      return ids.get()
    },
    traits(traits) {
      if (disable) return undefined
      const text = traits && guarded(() => JSON.stringify(traits))
      if (text !== undefined) kept.set(text)
      return readTraits(kept.get()) as T
    },
    traitsAfter(id, traits) {
      const current = profile.id()
      const isSame = !id || current === null || current === String(id)
      return { ...(isSame && profile.traits()), ...traits } as T
    },
    cookies: lasting.includes('cookie') ? stores.cookie : undefined,
    idSlot,
  }
  return profile
}

// Traits stand in every store as the JSON that they are kept as.
const asJson: Format = { read: (stored) => stored, write: (text) => text }

const nowhere: Slot = { get: () => null, set() {} }

function readTraits(text: string | null): object {
  const traits: unknown = guarded(() => JSON.parse(text ?? ''))
  return typeof traits === 'object' && traits !== null && !Array.isArray(traits) ? traits : {}
}
