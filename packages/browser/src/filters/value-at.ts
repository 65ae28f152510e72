/** The value at a path of exact keys, such as `properties.products.0.sku`. What objects have by nature does not count. */
export function valueAt(root: unknown, path: string): unknown {
  let value = root
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  // Servers see dates as texts, and so do the conditions that are written for them.
  return value instanceof Date ? value.toJSON() : value
}
