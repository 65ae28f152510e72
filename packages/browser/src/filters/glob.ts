type Matches = (character: string) => boolean

/** A part of a pattern: what one character has to be, or `any` number of characters. */
type Part = Matches | 'any'

/**
 * Reads a pattern of `*`, `?`, `[abc]`, `[a-z]`, `[^abc]` and `\` before what stands for itself. The text has to match from
 * its beginning to its end; a pattern that is not well formed matches nothing.
 */
export function readGlob(pattern: string): (text: string) => boolean {
  const parts = partsOf(pattern)
  return parts ? (text) => matches(parts, text) : () => false
}

// Goes back to the last star alone: no pattern takes longer than its length times that of the text.
function matches(parts: readonly Part[], text: string): boolean {
  let [at, part] = [0, 0]
  let star: { part: number; at: number } | undefined
  while (at < text.length) {
    const expected = parts[part]
    if (expected === 'any') {
      star = { part, at }
      part++
    } else if (expected?.(text.charAt(at))) {
      at++
      part++
    } else if (star) {
      star.at++
      at = star.at
      part = star.part + 1
    } else return false
  }
  return parts.slice(part).every((left) => left === 'any')
}

function partsOf(pattern: string): Part[] | undefined {
  const parts: Part[] = []
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at)
    if (character === '*') parts.push('any')
    else if (character === '?') parts.push(() => true)
    else if (character === '[') {
      const set = setAt(pattern, at + 1)
      if (!set) return undefined
      parts.push(set.matches)
      at = set.end
    } else {
      if (character === '\\') at++
      if (at === pattern.length) return undefined
      const literal = pattern.charAt(at)
      parts.push((given) => given === literal)
    }
  }
  return parts
}

/** The set that begins behind a bracket, and where its closing bracket is. */
function setAt(pattern: string, start: number): { matches: Matches; end: number } | undefined {
  const isNegated = pattern.charAt(start) === '^'
  const ranges: [from: string, to: string][] = []
  let at = isNegated ? start + 1 : start
  // One end of a range; what has a meaning of its own stands for itself only after a backslash.
  const take = (): string | undefined => {
    const isEscaped = pattern.charAt(at) === '\\'
    if (isEscaped) at++
    const character = pattern.charAt(at++)
    return character === '' || (!isEscaped && /[-\]]/.test(character)) ? undefined : character
  }
  do {
    const from = take()
    if (from === undefined) return undefined
    let to: string | undefined = from
    if (pattern.charAt(at) === '-') {
      at++
      to = take()
    }
    if (to === undefined) return undefined
    ranges.push([from, to])
  } while (pattern.charAt(at) !== ']')
  const isIn = (character: string) => ranges.some(([from, to]) => from <= character && character <= to)
  return { matches: (character) => isIn(character) !== isNegated, end: at }
}
