import type { EventProperties } from '@sluice/core'
import type { Context } from '../context'
import type { Options } from '../segment-event'

/** What is asked of the client here. */
export interface TrackingClient {
  readonly settings: { readonly timeout: number }
  readonly queue: {
    readonly plugins: readonly TrackingPlugin[]
    /** Has the events that outlive the page. */
    readonly keeper: { readonly page: { readonly outbox: { readonly entries: KnownIds } } } | undefined
  }
  track(event: string, properties: EventProperties, options: Options): Promise<Context>
  on(event: 'dispatch_start', listener: (ctx: Context) => void): unknown
  off(event: 'dispatch_start', listener: (ctx: Context) => void): unknown
}

interface TrackingPlugin {
  readonly name: string
  readonly type: string
  readonly alternativeNames?: string[]
  readonly track?: unknown
}

interface KnownIds {
  has(id: string): boolean
}
