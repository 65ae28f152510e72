import { hmac } from '@noble/hashes/hmac'
import { sha256 } from '@noble/hashes/sha2'
import { isPlainObject } from '@sluice/core'
import { type KeysByPath, readKeys, visit } from './keys-by-path'
import type { Transform } from './transform'

/**
 * Puts hashes in the place of values, so that a destination can recognise them without knowing them: SHA-256 in hex, unless
 * the filter asks for base64 or for a key. What would have to be hashed otherwise is taken away: better nothing than the
 * value itself.
 *
 * The properties are named as in other transformers, `{ properties: ['email'] }`, or by `paths: ['properties.email']`.
 */
export function hashProperties(config: unknown): Transform {
  const given = isPlainObject(config) ? config : {}
  const { algorithm = 'sha256', encoding = 'hex', key = '', paths, ...named } = given
  const keys = Array.isArray(paths) ? keysOf(paths) : readKeys(named)
  const isKnown = plain(algorithm) === 'sha256' && typeof key === 'string'
  if (!isKnown) console.warn(`Properties that a destination filter hashes by ${algorithm} are left out`)
  const print = printers[plain(encoding)] ?? hex
  const hash = (value: unknown) => {
    const bytes = utf8(typeof value === 'object' ? JSON.stringify(value) : String(value))
    return print(key ? hmac(sha256, utf8(String(key)), bytes) : sha256(bytes))
  }
  return (event) => {
    visit(event, keys, (target, ofTarget) => {
      for (const name of ofTarget) {
        const value = Object.hasOwn(target, name) ? target[name] : undefined
        if (value === undefined || value === null) continue
        if (isKnown) target[name] = hash(value)
        else delete target[name]
      }
    })
    return true
  }
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
const base64url = (bytes: Uint8Array) =>
  base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
const printers: Record<string, ((bytes: Uint8Array) => string) | undefined> = { base64, base64url }

const utf8 = (text: string) => new TextEncoder().encode(text)
const plain = (name: unknown) => String(name).replace(/\W|_/g, '').toLowerCase()

function keysOf(paths: unknown[]): KeysByPath {
  return paths.map((path) => {
    const [, parent = '', key = ''] = /^(?:(.*)\.)?([^.]*)$/.exec(String(path)) ?? []
    return [parent, [key]]
  })
}
