import type { Clock, KeyValueStore } from '@sluice/core/internal'
import { hostClock } from '@sluice/core/internal'
import { type CookieOptions, type CookieStore, createCookieStore } from './cookie-store'
import { createLocalStore, writingChanges } from './local-store'
import { type Store, UniversalStorage } from './universal-storage'
import { createValueMemory } from './value-memory'
import { createValueStore } from './value-store'

export type StoreType = 'localStorage' | 'cookie' | 'memory'

export interface StorageSettings {
  /** Where to keep ids, the first choice first. @default ['localStorage', 'cookie', 'memory'] */
  stores: StoreType[]
}

/** Where one client keeps things: texts, and in memory values as they are. They share what has to be found out once for a page, as the domain of cookies. */
export interface Stores {
  readonly localStorage: KeyValueStore
  readonly cookie: CookieStore
  readonly memory: Store
}

export function createStores(cookie?: CookieOptions, clock: Pick<Clock, 'now'> = hostClock): Stores {
  return {
    localStorage: writingChanges(createLocalStore()),
    cookie: createCookieStore(cookie, clock),
    memory: createValueMemory(),
  }
}

/** The order that was asked for, or the usual one when it names a store that does not exist. */
export function storeOrder(settings?: StorageSettings): StoreType[] {
  const usual: StoreType[] = ['localStorage', 'cookie', 'memory']
  const wanted: unknown = settings?.stores
  return Array.isArray(wanted) && wanted.every((type) => usual.includes(type)) ? wanted : usual
}

/**
 * Values of any kind in the given stores, each in the format that stands in browsers today. Memory comes last, for what
 * no other store could keep.
 */
export function createUniversalStorage(
  stores: Stores,
  order: readonly StoreType[],
  clock?: Pick<Clock, 'elapsed'>,
): UniversalStorage {
  const valuesIn = (type: Exclude<StoreType, 'memory'>) => createValueStore(stores[type], type === 'cookie')
  return new UniversalStorage(
    order.filter((type) => type !== 'memory').map(valuesIn),
    order.includes('memory') ? stores.memory : undefined,
    clock,
  )
}
