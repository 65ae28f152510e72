/** What an assertion says. Times are in seconds. */
export interface AssertionClaims {
  readonly clientId: string
  readonly audience: string
  /** The present time at the server. */
  readonly now: number
  readonly id: string
}

export type SignAssertion = (claims: AssertionClaims) => Promise<string>

/** Signs with one private key, which is read on first use. Rejects if it cannot be read. */
export function createAssertionSigner(clientKey: string, keyId: string): () => Promise<SignAssertion> {
  let signer: Promise<SignAssertion> | undefined
  return () => {
    signer ??= loadSigner(clientKey, keyId)
    return signer
  }
}

async function loadSigner(clientKey: string, keyId: string): Promise<SignAssertion> {
  // Only those who use OAuth pay for the library that signs, and only for these parts of it.
  const [{ importPKCS8 }, { SignJWT }] = await Promise.all([
    import('jose/key/import'),
    import('jose/jwt/sign'),
  ])
  const key = await importPKCS8(clientKey, 'RS256')
  return ({ clientId, audience, now, id }) =>
    new SignJWT({ iss: clientId, sub: clientId, aud: audience, iat: now - 5, exp: now + 55, jti: id })
      .setProtectedHeader({ alg: 'RS256', kid: keyId, typ: 'JWT' })
      .sign(key)
}
