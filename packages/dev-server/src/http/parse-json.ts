import { findJsonFault } from './find-json-fault'
import { Problem } from './problem'

/** Parses a body; what is wrong with it, and where, is told in the answer. */
export function parseJson(text: string, where = 'body'): unknown {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text
  try {
    return JSON.parse(json)
  } catch {
    throw malformed(json, where)
  }
}

function malformed(json: string, where: string): Problem {
  if (json.trim() === '')
    return new Problem(400, 'malformed_json', `The ${where} is empty, but should be JSON`, { where })
  const { offset, expected } = findJsonFault(json)
  const before = json.slice(0, offset).split('\n')
  const line = before.length
  const column = (before.at(-1) ?? '').length + 1
  const found = offset < json.length ? JSON.stringify(json.slice(offset, offset + 12)) : 'the end'
  return new Problem(
    400,
    'malformed_json',
    `The ${where} is not JSON: line ${line}, column ${column} should be ${expected}, but is ${found}`,
    {
      where,
      offset,
      line,
      column,
    },
  )
}
