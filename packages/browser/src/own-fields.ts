/**
 * What somebody has given, as far as they have given it: the fields of its own that hold something. What a script of the
 * page, or a link to it, has put onto the prototype of all objects decides nothing, least of all where code comes from.
 */
export function ownFields<T extends object>(given: T | null | undefined): T {
  const own = Object.create(null)
  for (const [name, value] of Object.entries(given ?? {})) if (value !== null) own[name] = value
  return own
}
