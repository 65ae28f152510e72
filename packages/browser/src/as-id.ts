/** Whoever finds or is given a longer one has found something else, which no event could carry. In characters. */
const longestId = 1_000

/** An id as text: ids may be numbers, too. `null` for what can be none. */
export function asId(value: unknown): string | null {
  const text = /^(string|number|bigint)$/.test(typeof value) ? String(value) : ''
  return text && text.length <= longestId ? text : null
}
