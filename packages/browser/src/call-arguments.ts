import type { Callback, EventProperties, GroupTraits, ID, UserTraits } from '@sluice/core'
import type { Context } from './context'
import type { Options } from './segment-event'

/** Your events: names with the properties that go with them. */
export type EventMap = Record<string, EventProperties>

type Ended = Callback<Context>

/** What `track` may be given. */
export type TrackArguments<Events extends { [Name in keyof Events]: object } = EventMap> =
  | NamedEventArguments<Events>
  | {
      [Name in keyof Events & string]: [
        event: { event: Name } & (MayBeLeftOut<Events[Name]> extends true
          ? { properties?: Events[Name] | undefined }
          : { properties: Events[Name] }),
        options?: Options | null | undefined,
        callback?: Ended | undefined,
      ]
    }[keyof Events & string]

/** What `track` is mostly given. By itself it also fits wrappers that call `track` with a name and whatever else. */
export type NamedEventArguments<Events extends { [Name in keyof Events]: object } = EventMap> = {
  [Name in keyof Events & string]: MayBeLeftOut<Events[Name]> extends true
    ?
        | [event: Name, callback: Ended]
        | [event: Name, properties?: Events[Name] | null, callback?: Ended | undefined]
        | [
            event: Name,
            properties?: Events[Name] | null,
            options?: Options | null | undefined,
            callback?: Ended | undefined,
          ]
    :
        | [event: Name, properties: Events[Name], callback?: Ended | undefined]
        | [
            event: Name,
            properties: Events[Name],
            options?: Options | null | undefined,
            callback?: Ended | undefined,
          ]
}[keyof Events & string]

/** An event needs its properties as soon as one of them is required. `never` stands for events of any kind. */
type MayBeLeftOut<Properties> = [Properties] extends [never]
  ? true
  : Record<never, never> extends Properties
    ? true
    : false

/** What `page` and `screen` may be given: a single string is the name, two are category and name. */
export type PageArguments =
  | [callback: Ended]
  | [properties?: object | null | undefined, callback?: Ended | undefined]
  | [
      properties: object | null | undefined,
      options?: Options | null | undefined,
      callback?: Ended | undefined,
    ]
  | [name?: string | null | undefined, callback?: Ended | undefined]
  | [name?: string | null | undefined, properties?: object | null | undefined, callback?: Ended | undefined]
  | [
      name?: string | null | undefined,
      properties?: object | null | undefined,
      options?: Options | null | undefined,
      callback?: Ended | undefined,
    ]
  | [category?: string | null | undefined, name?: string | null | undefined, callback?: Ended | undefined]
  | [
      category?: string | null | undefined,
      name?: string | null | undefined,
      properties?: object | null | undefined,
      callback?: Ended | undefined,
    ]
  | [
      category?: string | null | undefined,
      name?: string | null | undefined,
      properties?: object | null | undefined,
      options?: Options | null | undefined,
      callback?: Ended | undefined,
    ]

/** What `identify` may be given; without an id it says something about the current user. */
export type IdentifyArguments = IdArguments<UserTraits>

/** What `group` may be given. */
export type GroupArguments = IdArguments<GroupTraits>

type IdArguments<T> =
  | [id: ID | number, callback: Ended]
  | [id?: ID | number | undefined, traits?: T | null | undefined, callback?: Ended | undefined]
  | [
      id?: ID | number | undefined,
      traits?: T | null | undefined,
      options?: Options | null | undefined,
      callback?: Ended | undefined,
    ]
  | [traits: T | null | undefined, callback?: Ended | undefined]
  | [traits: T | null | undefined, options?: Options | null | undefined, callback?: Ended | undefined]

/** What `alias` may be given. */
export type AliasArguments =
  | [to: string | number, callback: Ended]
  | [to: string | number, options: Options | null | undefined, callback?: Ended | undefined]
  | [
      to?: string | number | null | undefined,
      from?: string | number | null | undefined,
      callback?: Ended | undefined,
    ]
  | [
      to?: string | number | null | undefined,
      from?: string | number | null | undefined,
      options?: Options | null | undefined,
      callback?: Ended | undefined,
    ]
