/**
 * A copy with the object's own fields that aren't `null`, and without a prototype. What a script of the
 * page, or a link to it, has put onto the prototype of all objects decides nothing, least of all where code comes from.
 */
export function ownFields<T extends object>(given: T | null | undefined): T {
  const own = Object.create(null)
  for (const [name, value] of Object.entries(given ?? {})) if (value !== null) own[name] = value
  return own
}
