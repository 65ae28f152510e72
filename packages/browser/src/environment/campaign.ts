/** `context.campaign`, from the `utm_` parameters of a query. */
export function campaignOf(parameters: ReadonlyMap<string, string>): Record<string, string> {
  const campaign: [string, string][] = []
  for (const [name, value] of parameters) {
    if (!name.includes('utm_') || name.length < 5) continue
    const key = name.slice(4)
    campaign.push([key === 'campaign' ? 'name' : key, value])
  }
  return Object.fromEntries(campaign)
}
