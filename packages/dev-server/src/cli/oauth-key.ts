import { readFile } from 'node:fs/promises'
import type { OAuthClient } from '../auth/oauth-options'
import { DevServerError } from '../dev-server-error'

/** Reads `--oauth-key client-id:key-id:file.pem`. */
export async function readOAuthKey(text: string): Promise<OAuthClient> {
  const [, clientId, keyId, file] = /^([^:]+):([^:]+):(.+)$/.exec(text) ?? []
  if (clientId === undefined || keyId === undefined || file === undefined) {
    throw new DevServerError('invalid_option', `--oauth-key should be client-id:key-id:file, not ${text}`, {
      option: 'oauth-key',
    })
  }
  try {
    return { clientId, keyId, publicKey: await readFile(file, 'utf8') }
  } catch (cause) {
    throw new DevServerError(
      'invalid_option',
      `--oauth-key: ${file} cannot be read`,
      { option: 'oauth-key', file },
      cause,
    )
  }
}
