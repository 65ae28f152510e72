import type { GroupTraits } from '@sluice/core'
import { bindMethods } from '@sluice/core/internal'
import type { CookieOptions } from '../storage/cookie-store'
import { createIdentityPorts, type UserOptions } from './options'
import { Profile } from './profile'

/**
 * The company, team or account that the visitor belongs to, as far as the browser remembers. It has nothing to do with
 * who the visitor is.
 *
 * @example
 * analytics.group().id() // 'acme', or null before `analytics.group('acme')`
 */
export class Group extends Profile<GroupTraits> {
  static readonly defaults = {
    persist: true,
    cookie: { key: 'ajs_group_id' },
    localStorage: { key: 'ajs_group_properties' },
  }

  constructor(
    options: UserOptions = {},
    cookieOptions?: CookieOptions,
    ports = createIdentityPorts(cookieOptions),
  ) {
    super(Group.defaults, options, ports)
    bindMethods(this, Group.prototype)
  }

  /** A group that is remembered in the same way. */
  load(): Group {
    return new Group(this.options, undefined, this.ports)
  }
}
