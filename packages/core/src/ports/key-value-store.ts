/** Strings by key. No method ever throws: storage may be missing, denied or full at any call. */
export interface KeyValueStore {
  get(key: string): string | undefined
  /** Answers false when the value could not be kept. */
  set(key: string, value: string): boolean
  remove(key: string): void
  /** The keys that start with `prefix`, in no particular order. */
  keys(prefix: string): string[]
}
