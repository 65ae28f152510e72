import type { AccessTokens } from './auth/access-tokens'
import type { CredentialSources } from './auth/credentials'
import type { AssertionResult } from './auth/verify-assertion'
import type { FaultBook } from './faults/fault-book'
import type { Arrivals } from './feed/arrivals'
import type { OpenReplies } from './http/open-replies'
import type { ResolvedOptions } from './options'
import type { RateLimit } from './rate-limit'
import type { Store } from './store/open-store'

/** The parts that routes are made of; each route asks for those it uses. */
export interface ServerParts {
  options: ResolvedOptions
  store: Store
  arrivals: Arrivals
  faults: FaultBook
  tokens: AccessTokens
  rateLimit: RateLimit
  replies: OpenReplies
  authorise(sources: CredentialSources): string
  verifyAssertion(assertion: string): Promise<AssertionResult>
}
