import type { JsonObject } from '../json'
import { Problem } from './problem'

/**
 * Refuses an object that holds a name nobody reads, in a query or a body: a filter with a typing error in it would let through
 * everything. `where` leads to the object; without it, it is the query or body itself.
 */
export function refuseUnknownNames(input: JsonObject, known: readonly string[], where?: string): void {
  const unknown = Object.keys(input).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const shown = unknown.slice(0, longestName)
  const nearest = nearestName(unknown, known)
  const guess = nearest === undefined ? '' : `; did you mean ${nearest}?`
  const names = known.length === 0 ? 'None is known' : `Known names: ${known.join(', ')}`
  throw new Problem(
    400,
    'unknown_name',
    `There is no ${JSON.stringify(shown)} ${where === undefined ? 'here' : `in ${where}`}${guess}${guess === '' ? '.' : ''} ${names}`,
    {
      where: where === undefined ? shown : `${where}.${shown}`,
      ...(nearest === undefined ? {} : { nearest }),
    },
  )
}

/** The known name that a wrong one was most likely meant to be; `undefined` when none is alike. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > longestName) return undefined
  const [nearest] = known
    .map((candidate) => ({ candidate, edits: countEdits(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.edits - b.edits)
  return nearest?.candidate
}

const longestName = 40

/** Counts the characters to put in, take out or replace to get from one text to the other. */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, char] of [...from].entries()) {
    const next = [index + 1]
    for (const [column, other] of [...to].entries()) {
      const [left = 0, above = 0, diagonal = 0] = [next[column], row[column + 1], row[column]]
      next.push(Math.min(left + 1, above + 1, diagonal + (char === other ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
