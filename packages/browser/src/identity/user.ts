import type { ID, UserTraits } from '@sluice/core'
import { bindMethods } from '@sluice/core/internal'
import type { CookieOptions } from '../storage/cookie-store'
import { legacyUserKey, legacyVisitorKey, readLegacyUser, readLegacyVisitor } from './legacy'
import { createIdentityPorts, type IdentityPorts, type UserOptions } from './options'
import { createProfile, type Profile } from './profile'
import type { Slot } from './slot'

/**
 * Who the visitor is, as far as the browser remembers. Reading writes nothing that is there already.
 *
 * @example
 * const { id, anonymousId, traits } = analytics.user()
 * id() // 'user-42', or null before `identify`
 */
export class User {
  static readonly defaults = {
    persist: true,
    cookie: { key: 'ajs_user_id', oldKey: legacyUserKey },
    localStorage: { key: 'ajs_user_traits' },
  }

  readonly options: UserOptions
  readonly #ports: IdentityPorts
  readonly #profile: Profile<UserTraits>
  readonly #visitor: Slot

  constructor(
    options: UserOptions = {},
    cookieOptions?: CookieOptions,
    ports: IdentityPorts = createIdentityPorts(cookieOptions),
  ) {
    this.options = { ...User.defaults, ...options }
    this.#ports = ports
    this.#profile = createProfile(User.defaults, options, ports)
    this.#visitor = this.#profile.idSlot('ajs_anonymous_id', 'cookie')
    bindMethods(this, User.prototype)
    this.#adoptLegacy()
  }

  /** The user's id. Setting another one than before begins a new visitor; `null` forgets it. */
  id(id?: ID): ID {
    if (id === undefined) return this.#profile.id()
    const before = this.#profile.id()
    const now = this.#profile.id(id)
    if (id === null) this.#profile.cookies?.remove(legacyUserKey)
    else if (before !== null && before !== now) this.anonymousId(null)
    return now
  }

  /** The visitor's id, made when there is none yet. `null` forgets it. */
  anonymousId(id?: ID): ID {
    if (this.options.disable) return null
    if (id === null) {
      this.#visitor.set(null)
      this.#profile.cookies?.remove(legacyVisitorKey)
      return null
    }
    if (id) this.#visitor.set(String(id))
    return this.#visitor.get() ?? this.anonymousId(this.#ports.randomness.uuid())
  }

  /** What is known about the user. Setting replaces all of it; `null` forgets it. */
  traits(traits?: UserTraits | null): UserTraits | undefined {
    return this.#profile.traits(traits)
  }

  /** Takes over who the user is. Traits add to those of the same user, and replace those of another. */
  identify(id?: ID, traits?: UserTraits | null): void {
    const known = this.#profile.traitsAfter(id, traits)
    if (id) this.id(id)
    this.traits(known)
  }

  /** Forgets the user and the visitor. */
  logout(): void {
    this.anonymousId(null)
    this.id(null)
    this.traits(null)
  }

  /** Forgets the user and the visitor, and what older libraries left of them. */
  reset(): void {
    this.logout()
  }

  /** A user that is remembered in the same way. */
  load(): User {
    return new User(this.options, undefined, this.#ports)
  }

  /** For callers of older libraries: everything is saved when it is set. */
  save(): boolean {
    return true
  }

  #adoptLegacy(): void {
    const { cookies } = this.#profile
    const user = cookies?.get(legacyUserKey)
    if (user) {
      const { id, traits } = readLegacyUser(user)
      if (id && this.id() === null) {
        this.id(id)
        if (traits) this.traits(traits)
      }
    }
    const visitor = readLegacyVisitor(cookies?.get(legacyVisitorKey))
    if (visitor && this.#visitor.get() === null) this.anonymousId(visitor)
  }
}
