/** The ad that brought a visitor, as `context.referrer` tells it. */
export type AdReferrer = { id: string; type: string }

const networks = new Map([
  ['btid', 'dataxu'],
  ['urid', 'millennial-media'],
])

/** The ad that a query names; of two, the one it names first. */
export function adReferrerOf(parameters: ReadonlyMap<string, string>): AdReferrer | undefined {
  for (const [name, id] of parameters) {
    const type = networks.get(name)
    if (type) return { id, type }
  }
  return undefined
}
