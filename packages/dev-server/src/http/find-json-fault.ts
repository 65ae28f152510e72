export interface JsonFault {
  /** Characters before the fault. */
  offset: number
  /** What JSON would have allowed there. */
  expected: string
}

type Expect = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or ]' | ', or }' | 'the end'

const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y
const escapeSequence = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y

/**
 * Finds where text stops being JSON. `JSON.parse` tells that only sometimes, and in words that change between versions
 * of Node; this runs on text it has refused. It keeps its own stack, so no depth of nesting can exhaust ours.
 */
export function findJsonFault(text: string): JsonFault {
  const open: ('[' | '{')[] = []
  let expect: Expect = 'value'
  let offset = 0

  const afterValue = (): Expect => {
    const inside = open.at(-1)
    if (inside === undefined) return 'the end'
    return inside === '[' ? ', or ]' : ', or }'
  }

  while (true) {
    offset = skipSpace(text, offset)
    const fault = { offset, expected: expect }
    const char = text[offset]
    if (char === undefined) return fault

    switch (expect) {
      case 'the end':
        return fault
      case ':':
        if (char !== ':') return fault
        offset += 1
        expect = 'value'
        break
      case ', or ]':
      case ', or }':
        if (char === ',') expect = expect === ', or ]' ? 'value' : 'key'
        else if (char === expect.at(-1)) {
          open.pop()
          expect = afterValue()
        } else return fault
        offset += 1
        break
      case 'key':
      case 'key or }':
        if (char === '}' && expect === 'key or }') {
          open.pop()
          offset += 1
          expect = afterValue()
          break
        }
        if (char !== '"') return fault
        {
          const end = endOfString(text, offset)
          if ('fault' in end) return end.fault
          offset = end.offset
          expect = ':'
        }
        break
      case 'value':
      case 'value or ]':
        if (char === ']' && expect === 'value or ]') {
          open.pop()
          offset += 1
          expect = afterValue()
        } else if (char === '[' || char === '{') {
          open.push(char)
          offset += 1
          expect = char === '[' ? 'value or ]' : 'key or }'
        } else if (char === '"') {
          const end = endOfString(text, offset)
          if ('fault' in end) return end.fault
          offset = end.offset
          expect = afterValue()
        } else {
          literal.lastIndex = offset
          if (!literal.test(text)) return fault
          offset = literal.lastIndex
          expect = afterValue()
        }
    }
  }
}

function skipSpace(text: string, offset: number): number {
  while (' \t\n\r'.includes(text[offset] ?? 'x')) offset += 1
  return offset
}

function endOfString(text: string, start: number): { offset: number } | { fault: JsonFault } {
  let offset = start + 1
  while (true) {
    const char = text[offset]
    if (char === undefined) return { fault: { offset, expected: 'the closing quote of a string' } }
    if (char === '"') return { offset: offset + 1 }
    if (char < ' ') return { fault: { offset, expected: 'an escaped control character' } }
    if (char === '\\') {
      escapeSequence.lastIndex = offset
      if (!escapeSequence.test(text)) return { fault: { offset, expected: 'an escape that JSON knows' } }
      offset = escapeSequence.lastIndex
    } else {
      offset += 1
    }
  }
}
