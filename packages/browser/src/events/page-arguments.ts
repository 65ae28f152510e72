import type { Callback, CoreContext, CoreOptions, EventProperties } from '@sluice/core'
import { isFunction, isPlainObject, isString } from '@sluice/core'

/**
 * Tells the arguments of `page` and `screen` apart, by kind and number: a single string is the name, two are category
 * and name; a single object holds the properties unless it stands where options do, two are properties and options.
 */
export function resolvePageArguments<Ctx extends CoreContext = CoreContext>(
  category?: string | object | null,
  name?: string | object | null,
  properties?: EventProperties | CoreOptions | Callback<Ctx> | null,
  options?: CoreOptions | Callback<Ctx> | null,
  callback?: Callback<Ctx>,
): [string | null, string | null, EventProperties, CoreOptions, Callback<Ctx> | undefined] {
  const args = [category, name, properties, options, callback]
  const strings = args.filter(isString)
  const objects = args.filter(isPlainObject)
  const single = objects.length === 1
  const onlyOptions = single && objects[0] === options
  const known = single || objects.length === 2
  return [
    strings.length === 2 && isString(category) ? category : null,
    strings.length === 1 ? (strings[0] ?? null) : strings.length === 2 && isString(name) ? name : null,
    (known && !onlyOptions && objects[0]) || {},
    (onlyOptions ? objects[0] : known && objects[1]) || {},
    args.find(isFunction) as Callback<Ctx> | undefined,
  ]
}
