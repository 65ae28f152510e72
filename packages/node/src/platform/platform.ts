import type { CallSite, Clock } from '@sluice/core/internal'
import type { Subtle } from '../oauth/sign-assertion'

/** Values that belong to one flow of calls, however asynchronous: what Node calls AsyncLocalStorage. */
export interface Scopes<Value> {
  run<Result>(value: Value, fn: () => Result): Result
  getStore(): Value | undefined
}

/** What differs between Node and edge runtimes. */
export interface Platform {
  readonly clock: Clock
  /** Its timers don't keep the process alive. */
  readonly backgroundClock: Clock
  /** How many bytes a text takes in UTF-8. */
  byteLength(text: string): number
  /** Signs with private keys. Throws where there is no such thing. */
  subtle(): Subtle
  /** Where calls are made, as far as the runtime knows: a function that answers where it was called. */
  createCallSites(): () => CallSite
  /** Throws where requests share no work, so that none can wait for what another has begun. */
  assertShareable(waitUntil: unknown): void
  /** Throws where there is no such thing. */
  createScopes<Value>(): Scopes<Value>
}
