import type { ID, Traits } from '@sluice/core'
import { isNumber, isPlainObject, isString } from '@sluice/core'
import { bindMethods } from '@sluice/core/internal'
import type { IdentityPorts, UserOptions } from './options'
import { createPlaces, type Places } from './places'

/** What the options leave open. */
export interface ProfileDefaults {
  cookie: { key: string }
  localStorage: { key: string }
}

/** What a user and a group have in common: an id and traits, kept where the options say. */
export abstract class Profile<T extends Traits> {
  readonly options: UserOptions
  protected readonly ports: IdentityPorts
  protected readonly places: Places
  readonly #idKey: string
  readonly #traitsKey: string

  constructor(defaults: ProfileDefaults, options: UserOptions, ports: IdentityPorts) {
    this.options = { ...defaults, ...options }
    this.ports = ports
    this.places = createPlaces(options, ports)
    this.#idKey = options.cookie?.key ?? defaults.cookie.key
    this.#traitsKey = options.localStorage?.key ?? defaults.localStorage.key
    bindMethods(this, Profile.prototype)
  }

  /** The id; setting answers what it is then, and `null` forgets it. */
  id(id?: ID): ID {
    const { ids } = this.places
    if (id !== undefined && id !== '') ids.set(this.#idKey, id === null ? null : String(id))
    return asId(ids.getAndSync(this.#idKey))
  }

  /** Only visitors have one. */
  anonymousId(_id?: ID): ID {
    return undefined
  }

  /** What is known. Setting replaces all of it; `null` forgets it. */
  traits(traits?: T | null): T | undefined {
    if (this.options.disable) return undefined
    const { traits: place } = this.places
    if (traits !== undefined) place.set(this.#traitsKey, traits)
    const known = place.get(this.#traitsKey)
    return (isPlainObject(known) ? known : {}) as T
  }

  /** Takes over who this is. Traits add to those of the same id, and replace those of another. */
  identify(id?: ID, traits?: T | null): void {
    const current = this.id()
    const isSame = !id || !current || current === String(id)
    const known = { ...(isSame && this.traits()), ...traits } as T
    if (id) this.id(id)
    this.traits(known)
  }

  /** Forgets who this is. */
  logout(): void {
    this.id(null)
    this.traits(null)
  }

  /** Forgets who this is. */
  reset(): void {
    this.logout()
  }

  /** For callers of older libraries: everything is saved when it is set. */
  save(): boolean {
    return true
  }
}

/** Ids are strings for ever, though one that is made of digits may be read as a number. */
export function asId(value: unknown): string | null {
  return isString(value) || isNumber(value) ? String(value) || null : null
}
