import type { GroupTraits, ID } from '@sluice/core'
import { bindMethods } from '@sluice/core/internal'
import type { CookieOptions } from '../storage/cookie-store'
import { createIdentityPorts, type IdentityPorts, type UserOptions } from './options'
import { createProfile, type Profile } from './profile'

/**
 * The company, team or account that the visitor belongs to, as far as the browser remembers. It has nothing to do with
 * who the visitor is.
 *
 * @example
 * analytics.group().id() // 'acme', or null before `analytics.group('acme')`
 */
export class Group {
  static readonly defaults = {
    persist: true,
    cookie: { key: 'ajs_group_id' },
    localStorage: { key: 'ajs_group_properties' },
  }

  readonly options: UserOptions
  readonly #ports: IdentityPorts
  readonly #profile: Profile<GroupTraits>

  constructor(
    options: UserOptions = {},
    cookieOptions?: CookieOptions,
    ports: IdentityPorts = createIdentityPorts(cookieOptions),
  ) {
    this.options = { ...Group.defaults, ...options }
    this.#ports = ports
    this.#profile = createProfile(Group.defaults, options, ports)
    bindMethods(this, Group.prototype)
  }

  /** The group's id; `null` forgets it. */
  id(id?: ID): ID {
    return this.#profile.id(id)
  }

  /** Only visitors have one. */
  anonymousId(_id?: ID): undefined {
    return undefined
  }

  /** What is known about the group. Setting replaces all of it; `null` forgets it. */
  traits(traits?: GroupTraits | null): GroupTraits | undefined {
    return this.#profile.traits(traits)
  }

  /** Takes over which group it is. Traits add to those of the same group, and replace those of another. */
  identify(id?: ID, traits?: GroupTraits | null): void {
    const known = this.#profile.traitsAfter(id, traits)
    this.id(id ?? undefined)
    this.traits(known)
  }

  /** Forgets the group. */
  logout(): void {
    this.id(null)
    this.traits(null)
  }

  /** Forgets the group. */
  reset(): void {
    this.logout()
  }

  /** A group that is remembered in the same way. */
  load(): Group {
    return new Group(this.options, undefined, this.#ports)
  }

  /** For callers of older libraries: everything is saved when it is set. */
  save(): boolean {
    return true
  }
}
