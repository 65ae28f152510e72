import { fields } from './fields'
import type { Fields } from './library'
import type { NodeSubject } from './subjects'

/** Where an event differs from call to call and from library to library, with plain marks instead. */
export function normalised(event: Fields, subject: NodeSubject, version: string): Fields {
  return JSON.parse(JSON.stringify(event), (key, value: unknown) => {
    if (key === 'messageId' && typeof value === 'string' && messageIdPattern.test(value))
      return '<message id>'
    if (key === 'timestamp' && typeof value === 'string' && isRecent(value)) return '<now>'
    if (key === 'library' && isLibrary(value, subject, version)) return '<library>'
    return value
  })
}

export const messageIdPattern = /^node-next-\d+-\w+-\w+-\w+-\w+-\w+$/

/** The keys of an event and of the objects inside it, in the order in which they are on the wire. */
export function keyOrder(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    `${prefix}${key}`,
    ...keyOrder(inner, `${prefix}${key}.`),
  ])
}

function isRecent(value: string): boolean {
  return Math.abs(Date.now() - Date.parse(value)) < 60_000 && new Date(value).toISOString() === value
}

function isLibrary(value: unknown, subject: NodeSubject, version: string): boolean {
  const library = fields(value)
  return (
    JSON.stringify(Object.keys(library)) === '["name","version"]' &&
    library.name === subject.libraryName &&
    library.version === version
  )
}
