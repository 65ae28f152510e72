import type {
  CoreExtraContext,
  EventProperties,
  GroupTraits,
  IntegrationsOptions,
  Timestamp,
  UserTraits,
} from '@sluice/core'

/** What may surround an event: page, device, ip, campaign… Known fields are typed, others are welcome. */
export interface ExtraContext extends CoreExtraContext {}

/** Who did it: a user you know, a visitor you don't, or both. One of the two ids is required. */
export type IdentityOptions =
  | {
      /** The id of the user in your database. */
      userId: string
      /** The id of the visitor before you knew who it was. */
      anonymousId?: string | undefined
    }
  | { userId?: string | undefined; anonymousId: string }

interface CommonParams {
  /** Surroundings of the event. Copied at the call. */
  context?: ExtraContext | undefined
  /** When it happened. @default now */
  timestamp?: Timestamp | undefined
  /** Which destinations get it; all of them unless it says otherwise. */
  integrations?: IntegrationsOptions | undefined
  /** Recognises duplicates. Give your own, at most 100 characters, if you may send the same event twice. */
  messageId?: string | undefined
}

/** `track`: somebody did something. */
export type TrackParams = CommonParams &
  IdentityOptions & {
    /** What happened: “Order Completed”. */
    event: string
    /** Details of what happened. Copied at the call. */
    properties?: EventProperties | undefined
  }

/** `identify`: who somebody is, and what is known about them. */
export type IdentifyParams = CommonParams &
  IdentityOptions & {
    /** What is known about the user; `null` clears a trait. Copied at the call. */
    traits?: UserTraits | undefined
  }

/** `page` and `screen`: somebody looked at something. */
export type PageParams = CommonParams &
  IdentityOptions & {
    /** The kind of page: “Docs”. Of `page` it becomes a property as well. */
    category?: string | undefined
    /** The name of the page: “Quickstart”. */
    name?: string | undefined
    properties?: EventProperties | undefined
  }

/** `group`: somebody belongs to a company, team or account. */
export type GroupParams = CommonParams &
  IdentityOptions & {
    /** The id of the group in your database. */
    groupId: string
    /** What is known about the group; `null` clears a trait. Copied at the call. */
    traits?: GroupTraits | undefined
  }

/** `alias`: two ids are the same person. */
export type AliasParams = CommonParams & {
  /** The id from now on. */
  userId: string
  /** The id so far. */
  previousId: string
  anonymousId?: never
}

/** The same parameters where a scope says who it is; see `withContext`. */
export type Scoped<Params> = Params extends unknown
  ? Omit<Params, 'userId' | 'anonymousId'> & { userId?: string | undefined; anonymousId?: string | undefined }
  : never

export interface FlushParams {
  /** Longest wait, in ms. Falsy: as long as it takes. @default undefined */
  timeout?: number | null | undefined
  /** Accept no further events. @default false */
  close?: boolean | undefined
}

export interface CloseAndFlushParams {
  /** Longest wait, in ms. Falsy: as long as it takes. @default 1.25 × the larger of 60 000 and `flushInterval` */
  timeout?: number | null | undefined
}
