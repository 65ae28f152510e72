import type { Clock } from '@sluice/core/internal'
import { hostClock } from '@sluice/core/internal'

export type StorageObject = Record<string, unknown>

/** One place that keeps values by key. It may throw: `UniversalStorage` then goes on without it. */
export interface Store<Data extends StorageObject = StorageObject> {
  get<Key extends keyof Data>(key: Key): Data[Key] | null
  /** May answer `false` when the value could not be kept. */
  set<Key extends keyof Data>(key: Key, value: Data[Key] | null): unknown
  remove<Key extends keyof Data>(key: Key): void
}

const syncEveryMs = 3_600_000

/**
 * Several stores that hold the same values. The first that has a value wins.
 *
 * @example
 * analytics.storage.set('plan_seen', true)
 * analytics.storage.get('plan_seen') // true, on the next page too
 */
export class UniversalStorage<Data extends StorageObject = StorageObject> {
  readonly #stores: readonly Store<Data>[]
  readonly #lastResort: Store<Data> | undefined
  readonly #clock: Pick<Clock, 'elapsed'>
  /** What all stores were brought in line with, lately. */
  readonly #synced = new Map<keyof Data, unknown>()
  #syncAt: number

  /** `lastResort` gets only what none of the stores could keep: so what is deleted from those stays deleted. */
  constructor(stores: readonly Store[], lastResort?: Store, clock: Pick<Clock, 'elapsed'> = hostClock) {
    this.#stores = (lastResort ? [...stores, lastResort] : stores) as Store<Data>[]
    this.#lastResort = lastResort as Store<Data> | undefined
    this.#clock = clock
    this.#syncAt = clock.elapsed() + syncEveryMs
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
    let isKept = false
    this.#each(key, (store) => {
      if (isKept && store === this.#lastResort) store.remove(key)
      else if (store.set(key, value) !== false) isKept = true
    })
    this.#synced.set(key, value)
  }

  /** Takes the value out of every store. */
  clear<Key extends keyof Data>(key: Key): void {
    this.#each(key, (store) => store.remove(key))
  }

  /**
   * Gets a value and brings the stores in line when it is seen for the first time, and once an hour, which lets cookies
   * renew their lifetime; other reads touch no more than they need. A number comes back as a string.
   */
  getAndSync<Key extends keyof Data>(key: Key): Data[Key] | null {
    const found: unknown = this.get(key)
    const value = (typeof found === 'number' ? String(found) : found) as Data[Key] | null
    const now = this.#clock.elapsed()
    if (now >= this.#syncAt) {
      this.#synced.clear()
      this.#syncAt = now + syncEveryMs
    }
    if (value !== null && value !== this.#synced.get(key)) this.set(key, value)
    return value
  }

  #each(key: keyof Data, visit: (store: Store<Data>) => void): void {
    for (const store of this.#stores) {
      try {
        visit(store)
      } catch (cause) {
        console.warn('A store failed and was skipped', key, cause)
      }
    }
  }
}
