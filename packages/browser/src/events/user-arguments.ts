import type { Callback, CoreContext, CoreOptions, ID, Traits } from '@sluice/core'
import { exists, isFunction, isNumber, isPlainObject, isString } from '@sluice/core'

/** One argument of `identify` or `group`. */
export type UserArgument<Ctx extends CoreContext = CoreContext> =
  | ID
  | number
  | Traits
  | CoreOptions
  | Callback<Ctx>

/** The arguments of `identify` and `group` in their places. */
export type UserArguments<Ctx extends CoreContext = CoreContext> = [
  id: ID,
  traits: Traits,
  options: CoreOptions,
  callback: Callback<Ctx> | undefined,
]

/**
 * Tells the arguments of `identify` and `group` apart: id, traits and options in this order up to the first function,
 * which is the callback. Without an id they start with the traits, and the current id of `user` stands in.
 */
export function resolveUserArguments<Ctx extends CoreContext = CoreContext>(user: { id(): ID }) {
  return (...args: UserArgument<Ctx>[]): UserArguments<Ctx> => {
    const end = args.findIndex(isFunction)
    const before = end < 0 ? args : args.slice(0, end)
    const first = before[0]
    const isId = isString(first) || isNumber(first)
    const [traits, options] = isId || !exists(first) ? before.slice(1) : before
    return [
      isId ? String(first) : user.id(),
      isPlainObject(traits) ? traits : {},
      isPlainObject(options) ? options : {},
      args[end] as Callback<Ctx> | undefined,
    ]
  }
}
