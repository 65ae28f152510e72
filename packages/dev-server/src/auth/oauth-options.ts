/** One client that may ask for tokens. */
export interface OAuthClient {
  clientId: string
  /** Name of the key, which assertions give as `kid`. */
  keyId: string
  /** The public half of the client's RSA key: PEM text (SPKI) or a JWK. */
  publicKey: string | PublicJWK
}

/** The public half of an RSA key as a JSON Web Key. */
export interface PublicJWK {
  kty?: string
  n?: string
  e?: string
  kid?: string
  alg?: string
  use?: string
  key_ops?: string[]
}

/** OAuth 2.0 client credentials with a signed JWT assertion, as Segment's Node SDK uses them. */
export interface OAuthOptions {
  clients: readonly OAuthClient[]
  /** Refuse tracking calls that come without a token. @default false */
  required?: boolean
  /** How long a token holds, in seconds. @default 3600 */
  tokenLifetimeSeconds?: number
  /** Scopes a client may ask for. @default ['tracking_api:write'] */
  scopes?: readonly string[]
  /**
   * Values of `aud` that are accepted besides this server's own addresses, which always are.
   * @default ['https://oauth2.segment.io']
   */
  audiences?: readonly string[]
}
