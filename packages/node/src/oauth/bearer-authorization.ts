import type { Authorization } from '../http/authorization'
import type { TokenSource } from './token-source'

/** Answers of the Tracking API after which a token is not used again. */
const tokenStatuses = new Set([400, 401, 403, 511])

/** Of those, the ones that a fresh token can turn into success. */
const retriableStatuses = new Set([401, 403])

/** An access token, exchanged for a fresh one when the server refuses it. */
export function bearerAuthorization(tokens: TokenSource): Authorization {
  return {
    header: async () => `${scheme}${await tokens.token()}`,
    refused(status, header) {
      if (tokenStatuses.has(status)) tokens.discard(header.slice(scheme.length))
      return retriableStatuses.has(status)
    },
    lastFailure: tokens.lastFailure,
    stop: tokens.stop,
  }
}

const scheme = 'Bearer '
