import type { Anything, DeepNullable } from './json'

/** The traits of users and groups that the Segment Spec reserves, each with its meaning. */
export interface BaseUserTraits {
  /** The id of the user in your database. */
  id?: string
  industry?: string
  firstName?: string
  lastName?: string
  /** Full name; derived from `firstName` and `lastName` by many destinations when it is not given. */
  name?: string
  phone?: string
  title?: string
  username?: string
  website?: string
  address?: Address
  age?: number
  /** URL of a picture. */
  avatar?: string
  birthday?: Date | string
  company?: {
    name?: string
    id?: string | number
    industry?: string
    employee_count?: number
    plan?: string
  }
  plan?: string
  createdAt?: Date | string
  description?: string
  email?: string
  gender?: string
}

export interface BaseGroupTraits {
  address?: Address
  avatar?: string
  createdAt?: Date | string
  description?: string
  email?: string
  employees?: string | number
  id?: string
  industry?: string
  name?: string
  phone?: string
  website?: string
  plan?: string
}

interface Address {
  city?: string
  country?: string
  postalCode?: string
  state?: string
  street?: string
}

/** What is known about a user: the reserved traits, any of them `null` to clear it, and your own. */
export type UserTraits = DeepNullable<BaseUserTraits> & Record<string, Anything>

/** What is known about a group: the reserved traits, any of them `null` to clear it, and your own. */
export type GroupTraits = DeepNullable<BaseGroupTraits> & Record<string, Anything>

export type Traits = UserTraits | GroupTraits
