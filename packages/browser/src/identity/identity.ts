import type { InitOptions } from '../options'
import type { Stores } from '../storage/stores'
import { Group } from './group'
import { createIdentityPorts } from './options'
import { User } from './user'

/** Who uses a page, and where that is remembered. */
export interface Identity {
  readonly user: User
  readonly group: Group
  readonly stores: Stores
}

export function createIdentity(options: InitOptions, user?: User, group?: Group): Identity {
  const { disableClientPersistence, storage, cookie, store } = options
  const known = createIdentityPorts(cookie)
  const ports = store ? { ...known, stores: { ...known.stores, localStorage: store } } : known
  const remembering = { persist: !disableClientPersistence, storage }
  return {
    user: user ?? new User({ ...remembering, ...options.user }, cookie, ports),
    group: group ?? new Group({ ...remembering, ...options.group }, cookie, ports),
    stores: ports.stores,
  }
}
