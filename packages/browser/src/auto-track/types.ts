import type { EventProperties } from '@sluice/core'
import type { Options } from '../segment-event'

/** A list of elements as jQuery and its like have it. */
export interface ElementList<T> {
  toArray(): T[]
}

/** One element or several: `querySelectorAll` answers an `ArrayLike`. `null` stands for none. */
export type Elements<T> = T | ArrayLike<T> | ElementList<T> | null

/** An event's name, or how to make it from the element. */
export type EventName<T> = string | ((element: T) => string)

/** An event's properties, or how to make them from the element. */
export type ElementProperties<T> = EventProperties | ((element: T) => EventProperties)

/** What is tracked of an element. */
export type ElementCall<T> = [
  event: EventName<T>,
  properties?: ElementProperties<T> | undefined,
  options?: Options | undefined,
]

/** What `trackLink` may be given. */
export type LinkArguments = [links: Elements<Element>, ...call: ElementCall<Element>]

/** What `trackForm` may be given. */
export type FormArguments = [forms: Elements<HTMLFormElement>, ...call: ElementCall<HTMLFormElement>]
