import type { Randomness } from '../ports/randomness'
import { host } from './globals'

/** The host's `crypto`; on the rare host without one, ids come from `Math.random`. */
export const hostRandomness: Randomness = {
  random: () => Math.random(),
  uuid: () => ofCrypto((crypto) => crypto.randomUUID?.()) ?? uuidFrom(randomBytes(new Uint8Array(36))),
}

// `randomUUID` is missing on pages that were not served over https; `getRandomValues` is there.
function randomBytes(bytes: Uint8Array): Uint8Array {
  return ofCrypto((crypto) => crypto.getRandomValues?.(bytes)) ?? bytes.map(() => Math.random() * 256)
}

/** Pages replace it, and what they put there may throw. */
function ofCrypto<T>(ask: (crypto: NonNullable<typeof host.crypto>) => T): T | undefined {
  try {
    return host.crypto && ask(host.crypto)
  } catch {
    return undefined
  }
}

function uuidFrom(bytes: Uint8Array): string {
  // The digits that are there say that it is of version 4, and of the usual variant.
  const digit = (_: string, index: number) => (Number(bytes[index]) % 16).toString(16)
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, digit)
}
