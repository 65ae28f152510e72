/** The ad that brought a visitor, as `context.referrer` tells it. */
export type AdReferrer = { id: string; type: string }

/** The ad that a query names; of two, the one it names first. */
export function adReferrerOf(parameters: ReadonlyMap<string, string>): AdReferrer | undefined {
  for (const [name, id] of parameters) {
    if (name === 'btid') return { id, type: 'dataxu' }
    if (name === 'urid') return { id, type: 'millennial-media' }
  }
  return undefined
}
