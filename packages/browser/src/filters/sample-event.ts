import { sha256 } from '@noble/hashes/sha2'
import { isPlainObject } from '@sluice/core'
import type { Transform } from './transform'
import { valueAt } from './value-at'

/**
 * Lets a share of the events go on: by chance, or with a `path` by what stands there, so that for one user either all of
 * them go on or none. Those in which nothing stands there are left to chance.
 */
export function sampleEvent(config: unknown, random: () => number): Transform {
  const { percent, path }: Record<string, unknown> = isPlainObject(config) ? config : {}
  const share = Number(percent ?? Number.NaN)
  if (Number.isNaN(share)) throw new TypeError('A filter samples no share of events')
  return (event) => {
    const value = typeof path === 'string' && path ? valueAt(event, path) : undefined
    return (value === undefined || value === null ? random() : placeOf(value)) < share
  }
}

/** Where a value stands between 0 and 1: the same for the same value, on every page and device. */
function placeOf(value: unknown): number {
  // Not the hash of the browser: that one is told by a promise, and on secure pages alone.
  const digest = sha256(new TextEncoder().encode(JSON.stringify(value)))
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0) / 0x1_0000_0000
}
