import type { Randomness } from '../ports/randomness'
import { host } from './globals'

/** The host's `crypto`; on the rare host without one, ids come from `Math.random`. */
export const hostRandomness: Randomness = {
  random: () => Math.random(),
  uuid: () => host.crypto?.randomUUID?.() ?? uuidFrom(randomBytes(new Uint8Array(16))),
}

// `randomUUID` is missing on pages that were not served over https; `getRandomValues` is there.
function randomBytes(bytes: Uint8Array): Uint8Array {
  return host.crypto?.getRandomValues?.(bytes) ?? bytes.map(() => Math.random() * 256)
}

function uuidFrom(bytes: Uint8Array): string {
  let hex = ''
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  // The fixed digits say that it is of version 4, and of the usual variant.
  return hex.replace(/(.{8})(.{4}).(...).(...)(.{12})/, '$1-$2-4$3-8$4-$5')
}
