import type { CoreExtraContext } from '@sluice/core'

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

/** What the browser says about itself: what it tells everybody and the `hints`, unless it refuses these. */
export async function readClientHints(
  source: ClientHintsSource | undefined,
  hints?: readonly HighEntropyHint[],
): Promise<ClientHints | undefined> {
  try {
    if (hints && source) return await source.getHighEntropyValues([...hints])
  } catch {
    // A refusal takes nothing away from what everybody is told.
  }
  return source?.toJSON()
}
