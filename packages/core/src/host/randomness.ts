import type { Randomness } from '../ports/randomness'
import { host } from './globals'

/** The host's `crypto`; on the rare host without one, ids come from `Math.random`. */
export const hostRandomness: Randomness = {
  random: () => Math.random(),
  uuid: () => host.crypto?.randomUUID?.() ?? uuidFrom(randomBytes()),
}

// `randomUUID` is missing on pages that were not served over https; `getRandomValues` is there.
function randomBytes(): Uint8Array {
  const bytes = new Uint8Array(16)
  if (host.crypto?.getRandomValues) return host.crypto.getRandomValues(bytes)
  return bytes.map(() => Math.random() * 256)
}

function uuidFrom(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte, index) => {
    const marked = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte
    return marked.toString(16).padStart(2, '0')
  }).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
