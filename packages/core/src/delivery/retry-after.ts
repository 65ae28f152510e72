/** Reads a `Retry-After` header, which holds seconds or an HTTP date, as ms from `now`; at most `longest` ms. */
export function retryAfterMs(header: string | undefined, now: number, longest: number): number | undefined {
  const text = header?.trim() ?? ''
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : untilDate(text, now)
  // Not a number is not in that range either.
  return ms >= 0 ? Math.min(ms, longest) : undefined
}

function untilDate(text: string, now: number): number {
  // Dates have names of days and months; `-5` and `1e3` are neither seconds nor dates.
  return /[a-z]{3}/i.test(text) ? Math.max(Date.parse(text) - now, 0) : Number.NaN
}
