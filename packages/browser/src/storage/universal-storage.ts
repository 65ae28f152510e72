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
  /** What the stores were brought in line with, lately, and which of them have it since. */
  readonly #synced = new Map<keyof Data, Synced>()
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

  /**
   * Puts the value into every store; `null` takes it out. A value that cannot be written as JSON is kept in memory, until
   * the page is left.
   */
  set<Key extends keyof Data>(key: Key, value: Data[Key] | null): void {
    const holders = new Set<unknown>()
    this.#each(key, (store) => {
      try {
        const isNeeded = holders.size === 0 || store !== this.#lastResort
        if (isNeeded && store.set(key, value) !== false) holders.add(store)
      } finally {
        // An old value must not outlive a new one, whatever became of that.
        if (!holders.has(store)) store.remove(key)
      }
    })
    this.#synced.set(key, { value, holders })
  }

  /** Takes the value out of every store. */
  clear<Key extends keyof Data>(key: Key): void {
    this.#each(key, (store) => store.remove(key))
  }

  /**
   * Gets a value and brings the stores in line when it is seen for the first time, when one of them has lost or changed
   * it, and once an hour, which lets cookies renew their lifetime. Otherwise nothing is written. A number comes back as a
   * string; `read` may pass over values by answering `null`.
   */
  getAndSync<Key extends keyof Data>(key: Key, read: (value: unknown) => unknown = asText): Data[Key] | null {
    const now = this.#clock.elapsed()
    if (now >= this.#syncAt) {
      this.#synced.clear()
      this.#syncAt = now + syncEveryMs
    }
    const synced = this.#synced.get(key)
    let value: unknown = null
    let isInLine = true
    this.#each(key, (store) => {
      const own = read(store.get(key))
      value ??= own
      if (synced?.holders.has(store) && own !== synced.value) isInLine = false
    })
    const found = (value ?? null) as Data[Key] | null
    if (found !== null && !(isInLine && found === synced?.value)) this.set(key, found)
    return found
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

interface Synced {
  readonly value: unknown
  readonly holders: ReadonlySet<unknown>
}

const asText = (value: unknown) => (typeof value === 'number' ? String(value) : value)
