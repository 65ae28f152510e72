/** `context.campaign`, from the `utm_` parameters of a query. */
export function campaignOf(parameters: ReadonlyMap<string, string>): Record<string, string> {
  const named = [...parameters].filter(([name]) => name.includes('utm_') && name.length > 4)
  return Object.fromEntries(
    named.map(([name, value]) => [name.slice(4).replace(/^campaign$/, 'name'), value]),
  )
}
