import type { Acceptor } from './acceptor'
import type { Analytics } from './analytics'
import type { AnalyticsBrowserSettings } from './browser-settings'
import type { HostEnvironment } from './environment/host-environment'
import type { EarlyLeave } from './leave-early'
import type { InitOptions } from './options'
import type { SegmentEvent } from './segment-event'
import type { CDNSettings } from './settings/cdn-settings'

/** The calls that are made before the client is complete. */
export interface WaitingCalls {
  /** Calls can be accepted, though nothing is sent yet. */
  accept(acceptor: Acceptor): void
  /** The events of accepted calls that nobody but the library itself is going to change: none while something is set up. */
  first(): readonly SegmentEvent[]
  /** The library's own plugins are there: those of the application can follow. Resolves when they have loaded. */
  setUp(analytics: Analytics): Promise<void>
  /** The client is complete. */
  begin(analytics: Analytics): void
}

/** What is known when `load` is called. */
export interface Beginning {
  readonly settings: AnalyticsBrowserSettings & { readonly cdnURL: string }
  readonly options: InitOptions
  readonly calls: WaitingCalls
  /** The part of the page's address that asks for calls, or nothing if it asks for none. */
  readonly query: string
  /** Has taken calls already, unless something has to be asked before there may be any. */
  readonly acceptor: Acceptor | undefined
  /** Takes care, if there is an acceptor, of a page that is left before its client is there. */
  readonly early: EarlyLeave | undefined
  fetch(url: string): Promise<Response>
}

/** What is known when the settings are. */
export interface Found {
  readonly cdnSettings: CDNSettings
  /** Why the usual settings stand in. */
  readonly failure: { readonly reason: unknown } | undefined
  /** Where only settings tell where events go, and they have not come: resolves when they have. */
  readonly later?: Promise<CDNSettings> | undefined
  readonly acceptor: Acceptor
  readonly environment: HostEnvironment
}
