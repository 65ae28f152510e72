/** What a request shows to say whose it is. */
export interface Credentials {
  writeKey: string | undefined
  bearer: string | undefined
}

/** The three places a write key may stand in. */
export interface CredentialSources {
  authorization: string | undefined
  bodyKey: unknown
  queryKey: unknown
}

/** Reads write key and token; a Basic header is the plainest word, the body comes next, then the query. */
export function readCredentials({ authorization, bodyKey, queryKey }: CredentialSources): Credentials {
  return {
    writeKey: readBasic(authorization) ?? readKey(bodyKey) ?? readKey(queryKey),
    bearer: /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1],
  }
}

// SDKs send `key:`, some leave the colon out, and whatever follows it is a password nobody set.
function readBasic(authorization: string | undefined): string | undefined {
  const encoded = /^basic +(\S+) *$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  return readKey(Buffer.from(encoded, 'base64').toString('utf8').split(':', 1)[0])
}

function readKey(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
