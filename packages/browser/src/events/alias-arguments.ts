import type { Callback, CoreContext, CoreOptions } from '@sluice/core'
import { isFunction, isPlainObject, isString } from '@sluice/core'
import { asId } from '../as-id'

/** Tells the arguments of `alias` apart by kind: the first two strings are the ids, which may be given as numbers. */
export function resolveAliasArguments<Ctx extends CoreContext = CoreContext>(
  to?: string | number | null,
  from?: string | number | CoreOptions | Callback<Ctx> | null,
  options?: CoreOptions | Callback<Ctx> | null,
  callback?: Callback<Ctx>,
): [string | null | undefined, string | null, CoreOptions, Callback<Ctx> | undefined] {
  const args = [toText(to), toText(from), options, callback]
  const [first = to as null | undefined, second = null] = args.filter(isString)
  return [first, second, args.find(isPlainObject) ?? {}, args.find(isFunction) as Callback<Ctx> | undefined]
}

const toText = <T>(id: T) => asId(id) ?? id
