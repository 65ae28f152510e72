/** Where events of a type go one by one, below the base. */
export function pathOf(type: string): string {
  return `/${type.charAt(0)}`
}
