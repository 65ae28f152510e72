/**
 * The value at a path such as `properties.product_id`. Keys are told apart by their letters and digits alone, so that
 * `productId` and `Product ID` are found as well; a key that is written just so goes before the others.
 */
export function findValue(root: unknown, path: string): unknown {
  let value = root
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    const plainKey = plain(key)
    const found = Object.hasOwn(value, key) ? key : Object.keys(value).find((own) => plain(own) === plainKey)
    value = found === undefined ? undefined : Reflect.get(value, found)
  }
  return value
}

function plain(key: string): string {
  return key.replace(/[^a-z\d]/gi, '').toLowerCase()
}
