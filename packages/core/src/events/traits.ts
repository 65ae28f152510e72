import type { Anything, DeepNullable } from './json'

/** The traits of users that the Segment Spec reserves, any of them `null` to clear it. */
export type BaseUserTraits = DeepNullable<ReservedUserTraits>

/** What is known about a user: the reserved traits and your own. */
export type UserTraits = BaseUserTraits & Record<string, Anything>

/** What is known about a group: the reserved traits, any of them `null` to clear it, and your own. */
export type GroupTraits = DeepNullable<ReservedGroupTraits> & Record<string, Anything>

export type Traits = UserTraits | GroupTraits

interface ReservedUserTraits {
  /** The id of the user in your database. */
  id?: string | number | undefined
  industry?: string | undefined
  firstName?: string | undefined
  lastName?: string | undefined
  /** Full name; derived from `firstName` and `lastName` by many destinations when it is not given. */
  name?: string | undefined
  phone?: string | number | undefined
  title?: string | undefined
  username?: string | undefined
  website?: string | undefined
  address?: Address | undefined
  age?: number | undefined
  /** URL of a picture. */
  avatar?: string | undefined
  birthday?: Date | string | undefined
  company?: Company | undefined
  plan?: string | undefined
  createdAt?: Date | string | undefined
  description?: string | undefined
  email?: string | undefined
  gender?: string | undefined
}

interface ReservedGroupTraits {
  address?: Address | undefined
  avatar?: string | undefined
  createdAt?: Date | string | undefined
  description?: string | undefined
  email?: string | undefined
  employees?: string | number | undefined
  id?: string | number | undefined
  industry?: string | undefined
  name?: string | undefined
  phone?: string | number | undefined
  website?: string | undefined
  plan?: string | undefined
}

interface Company {
  name?: string | undefined
  id?: string | number | undefined
  industry?: string | null | undefined
  employee_count?: number | undefined
  plan?: string | null | undefined
}

interface Address {
  city?: string | undefined
  country?: string | undefined
  postalCode?: string | undefined
  state?: string | undefined
  street?: string | undefined
}
