import type { Callback, CoreContext, CoreOptions, ID, Traits } from '@sluice/core'
import { exists, isFunction, isPlainObject, ValidationError } from '@sluice/core'
import { asId } from '../as-id'

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
 * which is the callback. Without an id they start with the traits, and the current id of `user` stands in. Throws for
 * what stands in the place of an id and can be none: the traits behind it belong to somebody else than the current user.
 */
export function resolveUserArguments<Ctx extends CoreContext = CoreContext>(user: { id(): ID }) {
  return (...args: UserArgument<Ctx>[]): UserArguments<Ctx> => {
    const end = args.findIndex(isFunction)
    const before = end < 0 ? args : args.slice(0, end)
    const [first] = before
    const [traits, options] = isPlainObject(first) ? before : before.slice(1)
    return [
      idFrom(first, user),
      isPlainObject(traits) ? traits : {},
      isPlainObject(options) ? options : {},
      args[end] as Callback<Ctx> | undefined,
    ]
  }
}

function idFrom(first: unknown, user: { id(): ID }): ID {
  // `false` is what `visitor && visitor.id` says of nobody.
  if (!exists(first) || first === false || isPlainObject(first)) return user.id()
  const id = first === '' ? first : asId(first)
  if (id === null) throw new ValidationError('id', 'must be a string of up to 1,000 characters, or a number')
  return id
}
