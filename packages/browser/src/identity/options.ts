import type { Clock, Randomness } from '@sluice/core/internal'
import { hostClock, hostRandomness } from '@sluice/core/internal'
import type { CookieOptions } from '../storage/cookie-store'
import { createStores, type StorageSettings, type Stores } from '../storage/stores'

/** How a user or a group is remembered. `disable` goes before `persist`, and `persist` before `storage`. */
export interface UserOptions {
  /** Remember nothing at all: there is no id and there are no traits. @default false */
  disable?: boolean | undefined
  /** Remember beyond this page. @default true */
  persist?: boolean | undefined
  /** Do not use localStorage. @default false */
  localStorageFallbackDisabled?: boolean | undefined
  /** `key` is what the id is kept under, in every store; `oldKey` is not used. */
  cookie?: { key?: string | undefined; oldKey?: string | undefined } | undefined
  /** `key` is what the traits are kept under. */
  localStorage?: { key?: string | undefined } | undefined
  storage?: StorageSettings | undefined
}

/** What identity needs of the world. */
export interface IdentityPorts {
  readonly stores: Stores
  readonly clock: Pick<Clock, 'elapsed'>
  readonly randomness: Pick<Randomness, 'uuid'>
}

export function createIdentityPorts(cookie?: CookieOptions): IdentityPorts {
  return { stores: createStores(cookie), clock: hostClock, randomness: hostRandomness }
}
