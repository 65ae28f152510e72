export type StorageObject = Record<string, unknown>

/** One place that keeps values by key. It may throw: `UniversalStorage` then goes on without it. */
export interface Store<Data extends StorageObject = StorageObject> {
  get<Key extends keyof Data>(key: Key): Data[Key] | null
  set<Key extends keyof Data>(key: Key, value: Data[Key] | null): void
  remove<Key extends keyof Data>(key: Key): void
}

/**
 * Several stores that hold the same values. The first that has a value wins.
 *
 * @example
 * analytics.storage.set('plan_seen', true)
 * analytics.storage.get('plan_seen') // true, on the next page too
 */
export class UniversalStorage<Data extends StorageObject = StorageObject> {
  readonly #stores: readonly Store<Data>[]

  constructor(stores: readonly Store[]) {
    this.#stores = stores as readonly Store<Data>[]
  }

  /** The value of the first store that has one. */
  get<Key extends keyof Data>(key: Key): Data[Key] | null {
    let found: Data[Key] | null = null
    this.#each(key, (store) => {
      found ??= store.get(key)
    })
    return found ?? null
  }

  /** Puts the value into every store; `null` takes it out. */
  set<Key extends keyof Data>(key: Key, value: Data[Key] | null): void {
    this.#each(key, (store) => store.set(key, value))
  }

  /** Takes the value out of every store. */
  clear<Key extends keyof Data>(key: Key): void {
    this.#each(key, (store) => store.remove(key))
  }

  /** Gets a value and brings stores that differ up to date. A number comes back as a string. */
  getAndSync<Key extends keyof Data>(key: Key): Data[Key] | null {
    const found: unknown = this.get(key)
    if (found === null) return null
    const value = (typeof found === 'number' ? String(found) : found) as Data[Key]
    this.set(key, value)
    return value
  }

  #each(key: keyof Data, visit: (store: Store<Data>) => void): void {
    for (const store of this.#stores) {
      try {
        visit(store)
      } catch (cause) {
        console.warn(`A store failed at ${String(key)} and was skipped`, cause)
      }
    }
  }
}
