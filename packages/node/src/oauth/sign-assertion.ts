import type { Tools } from './tools'

/** What an assertion says. Times are in seconds. */
export interface AssertionClaims {
  readonly clientId: string
  readonly audience: string
  /** The present time at the server. */
  readonly now: number
  readonly id: string
}

export type SignAssertion = (claims: AssertionClaims) => Promise<string>

/** The part of Web Crypto that is needed; declared here because types of Node and of edge runtimes differ. */
export interface Subtle {
  importKey(
    format: 'pkcs8',
    keyData: Bytes,
    algorithm: SigningAlgorithm,
    isExtractable: boolean,
    usages: 'sign'[],
  ): Promise<SigningKey>
  sign(algorithm: SigningAlgorithm, key: SigningKey, data: Bytes): Promise<ArrayBuffer>
}

/** Bytes that nobody else shares. Written so that compilers before 5.7 read it, whose `Uint8Array` takes no argument. */
type Bytes = Uint8Array & { readonly buffer: ArrayBuffer }

/** What comes of importing a key; nobody looks into it. */
interface SigningKey {
  readonly type: string
}

interface SigningAlgorithm {
  readonly name: string
  readonly hash: string
}

const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }

/** Signs with one private key. Rejects with a `HopelessError` if it cannot be read. */
export async function createAssertionSigner(
  subtle: Subtle,
  clientKey: string,
  keyId: string,
  { base64Of, HopelessError }: Pick<Tools, 'base64Of' | 'HopelessError'>,
): Promise<SignAssertion> {
  const base64UrlOf = (text: string) => urlSafe(base64Of(text))
  const key = await importKey(subtle, clientKey).catch((cause: unknown) => {
    const why = cause instanceof Error && cause.message ? cause.message : 'it is no RSA key'
    throw new HopelessError(`oauthSettings.clientKey cannot be read: ${why}`, { cause })
  })
  const header = base64UrlOf(JSON.stringify({ alg: 'RS256', kid: keyId, typ: 'JWT' }))
  return async ({ clientId, audience, now, id }) => {
    const claims = { iss: clientId, sub: clientId, aud: audience, iat: now - 5, exp: now + 55, jti: id }
    const signed = `${header}.${base64UrlOf(JSON.stringify(claims))}`
    // All of it is ASCII by now.
    const signature = await subtle.sign(algorithm, key, bytesOf(signed))
    return `${signed}.${urlSafe(btoa(String.fromCharCode(...new Uint8Array(signature))))}`
  }
}

async function importKey(subtle: Subtle, clientKey: string): Promise<SigningKey> {
  const [, base64] = /-----BEGIN PRIVATE KEY-----([\s\S]+?)-----END PRIVATE KEY-----/.exec(clientKey) ?? []
  if (base64 === undefined) throw new TypeError('"pkcs8" must be PKCS#8 formatted string')
  // Line ends are often written as `\\n` where keys come from the environment.
  const keyData = bytesOf(atob(base64.replace(/\s|\\[nr]/g, '')))
  return await subtle.importKey('pkcs8', keyData, algorithm, false, ['sign'])
}

const urlSafe = (base64: string) => base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')

/** The bytes of a text whose characters stand for one byte each. */
const bytesOf = (binary: string) => Uint8Array.from(binary, (character) => character.charCodeAt(0))
