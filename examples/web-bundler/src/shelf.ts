/** What the reader has put on the list and who the reader is, kept in this browser. Nothing here knows that anybody is counting. */

export interface Reader {
  readonly id: string
  readonly name: string
  readonly email: string
}

const listKey = 'marginalia:list'
const readerKey = 'marginalia:reader'

/** Ids of the books on the list. */
export function readList(): string[] {
  const text = localStorage.getItem(listKey)
  return text ? text.split(' ') : []
}

export function addToList(id: string): void {
  writeList([...readList().filter((other) => other !== id), id])
}

export function takeFromList(id: string): void {
  writeList(readList().filter((other) => other !== id))
}

export function readReader(): Reader | undefined {
  const [id, name, email] = localStorage.getItem(readerKey)?.split('\n') ?? []
  return id && name && email ? { id, name, email } : undefined
}

/** A real club would ask for a password and have a server that knows the number. */
export function joinClub(name: string, email: string): Reader {
  const reader = { id: `reader-${email.split('@')[0]}`, name, email }
  localStorage.setItem(readerKey, [reader.id, name, email].join('\n'))
  return reader
}

export function leaveClub(): void {
  localStorage.removeItem(readerKey)
}

function writeList(ids: string[]): void {
  localStorage.setItem(listKey, ids.join(' '))
}
