import type { ID, Traits } from '@sluice/core'
import { isPlainObject } from '@sluice/core'
import { bindMethods } from '@sluice/core/internal'
import { asId } from '../as-id'
import { guarded } from '../storage/guarded'
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
    const next = asId(id)
    if (next || id === null) ids.set(this.#idKey, next)
    return ids.getAndSync(this.#idKey, asId) as ID
  }

  /** Only visitors have one. */
  anonymousId(_id?: ID): ID {
    return undefined
  }

  /** What is known. Setting replaces all of it; `null` forgets it. What is no JSON is known until the page is left. */
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
    const next = asId(id)
    const isSame = !next || !current || current === next
    const known = { ...(isSame && this.#sendableTraits()), ...traits } as T
    if (next) this.id(next)
    this.traits(known)
  }

  /** Traits that no event can carry are given up with the first: they would take those of later calls with them. */
  #sendableTraits(): T | undefined {
    return guarded(() => {
      const known = this.traits()
      JSON.stringify(known)
      return known
    })
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
