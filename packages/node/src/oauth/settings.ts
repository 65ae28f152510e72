import type { HTTPClient, HTTPFetchFn } from '../http/types'

/** OAuth 2.0 client credentials with a signed JWT assertion. The token is fetched, kept and renewed by the library. */
export interface OAuthSettings {
  /** The id of the OAuth application. */
  clientId: string
  /** Its private key: PEM text of a PKCS#8 RSA key (`-----BEGIN PRIVATE KEY-----`). */
  clientKey: string
  /** The id of the key. */
  keyId: string
  /** Where tokens are given out. @default 'https://oauth2.segment.io' */
  authServer?: string | URL | null | undefined
  /** What the token is for. @default 'tracking_api:write' */
  scope?: string | null | undefined
  /** Retries of one token request before the events that wait for it hear of its failure. @default `maxRetries` of the client */
  maxRetries?: number | null | undefined
  /** Makes the token requests. It must give responses a `text` method. @default that of the client */
  httpClient?: HTTPFetchFn | HTTPClient | null | undefined
}

/** The same with every value checked. */
export interface OAuthConfig {
  readonly clientId: string
  readonly clientKey: string
  readonly keyId: string
  readonly authServer: string
  readonly scope: string
  readonly maxRetries: number | undefined
  readonly httpClient: HTTPFetchFn | HTTPClient | undefined
}
