import type { ID, UserTraits } from '@sluice/core'
import { exists, isPlainObject } from '@sluice/core'
import { bindMethods } from '@sluice/core/internal'
import { asId } from '../as-id'
import type { CookieOptions } from '../storage/cookie-store'
import { createIdentityPorts, type UserOptions } from './options'
import { Profile } from './profile'

/** The cookie, and the entry in other stores, that holds the visitor's id. */
export const anonymousIdKey = 'ajs_anonymous_id'

// Cookies that older libraries left. They are read once, and deleted with the ids that came from them.
const legacyUserKey = 'ajs_user'
const legacyVisitorKey = '_sio'

/**
 * Who the visitor is, as far as the browser remembers. Reading writes nothing that is there already.
 *
 * @example
 * const { id, anonymousId, traits } = analytics.user()
 * id() // 'user-42', or null before `identify`
 */
export class User extends Profile<UserTraits> {
  static readonly defaults = {
    persist: true,
    cookie: { key: 'ajs_user_id', oldKey: legacyUserKey },
    localStorage: { key: 'ajs_user_traits' },
  }

  constructor(
    options: UserOptions = {},
    cookieOptions?: CookieOptions,
    ports = createIdentityPorts(cookieOptions),
  ) {
    super(User.defaults, options, ports)
    bindMethods(this, User.prototype)
    this.#adoptLegacy()
  }

  /** The user's id. Setting another one than before begins a new visitor; `null` forgets it. */
  override id(id?: ID): ID {
    const before = exists(id) && super.id()
    const now = super.id(id)
    if (id === null) this.places.legacy.clear(legacyUserKey)
    if (before && before !== now) this.anonymousId(null)
    return now
  }

  /** The visitor's id, made when there is none yet. `null` forgets it. */
  override anonymousId(id?: ID): ID {
    if (this.options.disable) return null
    const { anonymousIds, legacy } = this.places
    if (id === null) {
      anonymousIds.clear(anonymousIdKey)
      legacy.clear(legacyVisitorKey)
      return null
    }
    const known = anonymousIds.getAndSync(anonymousIdKey, asId)
    const next = asId(id) ?? asId(known) ?? this.ports.randomness.uuid()
    if (next !== known) anonymousIds.set(anonymousIdKey, next)
    return next
  }

  /** Forgets the user and the visitor, and what older libraries left of them. */
  override logout(): void {
    this.anonymousId(null)
    super.logout()
  }

  /** A user that is remembered in the same way. */
  load(): User {
    return new User(this.options, undefined, this.ports)
  }

  #adoptLegacy(): void {
    const { anonymousIds, legacy } = this.places
    // An id alone, or `{ id, traits }`.
    const user = legacy.get(legacyUserKey)
    const { id, traits }: Record<string, unknown> = isPlainObject(user) ? user : { id: user }
    const known = asId(id)
    if (known && this.id() === null) this.identify(known, isPlainObject(traits) ? traits : null)
    // An anonymous id and a user id, of which only the first is used.
    const visitor = asId(legacy.get(legacyVisitorKey))?.split('----')[0]
    if (visitor && !anonymousIds.get(anonymousIdKey)) this.anonymousId(visitor)
  }
}
