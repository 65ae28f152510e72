import type { Callback, EventProperties, GroupTraits, ID, UserTraits } from '@sluice/core'
import type { Context } from './context'
import type { Options } from './segment-event'

/** Your events: names with the properties that go with them. */
export type EventMap = Record<string, EventProperties>

type Ended = Callback<Context>

/** What `track` may be given. */
export type TrackArguments<Events extends { [Name in keyof Events]: object } = EventMap> = {
  [Name in keyof Events & string]:
    | [event: Name, callback: Ended]
    | [event: Name, properties?: Events[Name] | null, callback?: Ended]
    | [event: Name, properties?: Events[Name] | null, options?: Options | null, callback?: Ended]
    | [event: { event: Name; properties?: Events[Name] }, options?: Options | null, callback?: Ended]
}[keyof Events & string]

/** What `page` and `screen` may be given: a single string is the name, two are category and name. */
export type PageArguments =
  | [callback: Ended]
  | [properties?: object | null, callback?: Ended]
  | [properties: object | null, options?: Options | null, callback?: Ended]
  | [name?: string | null, callback?: Ended]
  | [name?: string | null, properties?: object | null, callback?: Ended]
  | [name?: string | null, properties?: object | null, options?: Options | null, callback?: Ended]
  | [category?: string | null, name?: string | null, callback?: Ended]
  | [category?: string | null, name?: string | null, properties?: object | null, callback?: Ended]
  | [
      category?: string | null,
      name?: string | null,
      properties?: object | null,
      options?: Options | null,
      callback?: Ended,
    ]

/** What `identify` may be given; without an id it says something about the current user. */
export type IdentifyArguments = IdArguments<UserTraits>

/** What `group` may be given. */
export type GroupArguments = IdArguments<GroupTraits>

type IdArguments<T> =
  | [id: ID | number, callback: Ended]
  | [id?: ID | number, traits?: T | null, callback?: Ended]
  | [id?: ID | number, traits?: T | null, options?: Options | null, callback?: Ended]
  | [traits: T | null, callback?: Ended]
  | [traits: T | null, options?: Options | null, callback?: Ended]

/** What `alias` may be given. */
export type AliasArguments =
  | [to: string | number, callback: Ended]
  | [to: string | number, options: Options | null, callback?: Ended]
  | [to?: string | number | null, from?: string | number | null, callback?: Ended]
  | [to?: string | number | null, from?: string | number | null, options?: Options | null, callback?: Ended]
