import type { HTTPClientRequest } from './types'

/**
 * Whether a request carries events. Others ask for a token: they are short, so compressing them is not worth it, and
 * authorisation servers seldom unpack anything; and their body is a credential, so it goes to nobody else.
 */
export function isBatch({ headers }: Pick<HTTPClientRequest, 'headers'>): boolean {
  return headers['Content-Type'] === 'application/json'
}
