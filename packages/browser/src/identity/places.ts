import { createUniversalStorage, type StoreType, storeOrder } from '../storage/stores'
import type { UniversalStorage } from '../storage/universal-storage'
import type { IdentityPorts, UserOptions } from './options'

/** Where the parts of an identity are kept. */
export interface Places {
  readonly ids: UniversalStorage
  /** Of the visitor: the cookie, which subdomains share, goes first. */
  readonly anonymousIds: UniversalStorage
  /** They are too long for cookies. */
  readonly traits: UniversalStorage
  /** What older libraries left in cookies. */
  readonly legacy: UniversalStorage
}

export function createPlaces(options: UserOptions, { stores, clock }: IdentityPorts): Places {
  const { disable, persist, localStorageFallbackDisabled, storage } = options
  const isUsed = (type: StoreType) => !(type === 'localStorage' && localStorageFallbackDisabled)
  const lasting = persist === false ? [] : storeOrder(storage).filter(isUsed)
  const place = (types: StoreType[]) => {
    const order = types.filter((type) => lasting.includes(type))
    return createUniversalStorage(stores, disable ? [] : [...order, 'memory'], clock)
  }
  return {
    ids: place(lasting),
    anonymousIds: place(['cookie', 'localStorage']),
    traits: place(['localStorage']),
    legacy: place(['cookie']),
  }
}
