import { type CoreExtraContext, isPlainObject } from '@sluice/core'
import { hostClock, withTimeLimit } from '@sluice/core/internal'
import { guarded } from '../storage/guarded'

/** What a browser says about itself only when asked for it by name. */
export type HighEntropyHint =
  | 'architecture'
  | 'bitness'
  | 'model'
  | 'platformVersion'
  | 'uaFullVersion'
  | 'fullVersionList'
  | 'wow64'

/** `context.userAgentData`. */
export type ClientHints = NonNullable<CoreExtraContext['userAgentData']>

/** `navigator.userAgentData`, of the browsers that have it. */
export interface ClientHintsSource {
  toJSON(): ClientHints
  getHighEntropyValues(hints: HighEntropyHint[]): Promise<ClientHints>
}

/** First events wait for the answer: longest, in ms. */
const patience = { clock: hostClock, ms: 500 }

/**
 * What the browser says about itself: what it tells everybody and the `hints`, unless it refuses these or takes too long.
 * Extensions replace all of it, so that it may be anything: no client is lost for it.
 */
export async function readClientHints(
  source: ClientHintsSource | undefined,
  hints?: readonly HighEntropyHint[],
): Promise<ClientHints | undefined> {
  try {
    if (hints && source)
      return asData(await withTimeLimit(source.getHighEntropyValues([...hints]), patience, 'Client hints'))
  } catch {
    // A refusal takes nothing away from what everybody is told.
  }
  const told = guarded(() => asData(source?.toJSON()))
  return isPlainObject(told) ? told : undefined
}

/** As events will carry it. Throws for what no event can carry: it would take each of them along. */
function asData<T>(told: T): T {
  return JSON.parse(JSON.stringify(told))
}
