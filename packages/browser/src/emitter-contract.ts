import type { CoreEmittedError, EventProperties, GroupTraits, ID, UserTraits } from '@sluice/core'
import type { Context } from './context'
import type { AnalyticsInstanceSettings } from './instance-settings'
import type { InitOptions } from './options'

/** What a client emits. The last argument of the six calls is there for compatibility and always `undefined`. */
export type AnalyticsEmitterContract = {
  track: [name: string, properties: EventProperties | undefined, options: undefined]
  page: [
    category: string | null,
    name: string | null,
    properties: EventProperties | undefined,
    options: undefined,
  ]
  screen: [
    category: string | null,
    name: string | null,
    properties: EventProperties | undefined,
    options: undefined,
  ]
  identify: [userId: ID, traits: UserTraits | undefined, options: undefined]
  group: [groupId: ID, traits: GroupTraits | undefined, options: undefined]
  alias: [to: ID, from: string | null, options: undefined]
  /** An event was accepted. */
  dispatch_start: [ctx: Context]
  /** The client is complete: plugins are registered, calls that waited are made next. */
  initialize: [settings: AnalyticsInstanceSettings, options: InitOptions]
  reset: []
  /**
   * Something went wrong of which nobody else was told. `delivery_failure`: the event of `ctx` was given up; there is no
   * `ctx` where something that an earlier page had kept cannot be read as an event.
   * `outbox_full`: an unsent event had to make room for newer ones; `reason` names it.
   * `settings_failure`: the source's settings could not be loaded, and the usual ones stand in; or events wait,
   * because only the settings say where they go.
   * `initialization_failure`: a destination of the page could not be loaded; `reason` names it, and its `cause` says why.
   * Or a plugin is left out because it cannot be used; `reason` says what is wrong with it.
   */
  error: [error: CoreEmittedError<Context>]
}
