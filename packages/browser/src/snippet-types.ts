import type { ID } from '@sluice/core'
import type { Analytics } from './analytics'
import type { InitOptions } from './options'

/** Whatever has an id: a user, a group. */
export interface WithId {
  id(): ID
}

/** The global that a snippet puts on the page: a list of calls until the library is there, and then the client. */
export interface AnalyticsSnippet extends Analytics {
  load(writeKey: string, options?: InitOptions): void
  _loadOptions?: InitOptions
  _writeKey?: string
  _cdn?: string
}
