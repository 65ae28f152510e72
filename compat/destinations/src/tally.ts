import type { VendorCall } from './page/recorder'

/** How often a vendor was asked for what: by method, or by the command that is its first argument. */
export function tally(calls: readonly VendorCall[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const one of calls) {
    const name = nameOf(one)
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

function nameOf({ call, args: [first] }: VendorCall): string {
  if (Array.isArray(first))
    return [call, ...first.slice(0, 2).filter((one) => typeof one === 'string')].join(' ')
  return typeof first === 'string' && !call.includes('.') ? `${call} ${first}` : call
}
