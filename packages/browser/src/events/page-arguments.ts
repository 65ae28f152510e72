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
  const areTwo = strings.length === 2
  const [given = {}, chosen = {}] =
    objects.length > 2 ? [] : objects.length === 1 && objects[0] === options ? [{}, options] : objects
  return [
    areTwo && isString(category) ? category : null,
    areTwo && isString(name) ? name : strings.length === 1 ? (strings[0] ?? null) : null,
    given,
    chosen,
    args.find(isFunction) as Callback<Ctx> | undefined,
  ]
}
