/** Reads a `Retry-After` header, which holds seconds or an HTTP date, as ms from `now`; at most `longest` ms. */
export function retryAfterMs(header: string | undefined, now: number, longest: number): number | undefined {
  const text = header?.trim() ?? ''
  let ms = Number.NaN
  if (/^\d+(\.\d+)?$/.test(text)) ms = Number(text) * 1_000
  // Dates have names of days and months; `-5` and `1e3` are neither seconds nor dates.
  else if (/[a-z]{3}/i.test(text)) ms = Math.max(Date.parse(text) - now, 0)
  return ms >= 0 ? Math.min(ms, longest) : undefined
}
