import { globalNamed } from './past-markup'

let key = 'analytics'

/** Names the global that holds the client, if it has another name than before. */
export function setGlobalAnalyticsKey(name = key): void {
  key = name
}

export function readGlobal(): unknown {
  return globalNamed(key)
}

export function writeGlobal(value: unknown): void {
  Reflect.set(globalThis, key, value)
}
