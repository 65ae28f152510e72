import type { Authorization } from '../http/authorization'
import { bearerAuthorization } from './bearer-authorization'
import type { TokenSourceOptions } from './token-source'
import { createTokenSource } from './token-source'

/** All of OAuth, in one piece that is loaded on first use. */
export function createTokenAuthorization(options: TokenSourceOptions): Authorization {
  return bearerAuthorization(createTokenSource(options))
}
