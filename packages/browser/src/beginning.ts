import type { Acceptor } from './acceptor'
import type { Analytics } from './analytics'
import type { AnalyticsBrowserSettings } from './browser-settings'
import type { InitOptions } from './options'

/** The calls that are made before the client is complete. */
export interface WaitingCalls {
  /** Calls can be accepted, though nothing is sent yet. */
  accept(acceptor: Acceptor): void
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
  /** Whether the client will do nothing. */
  readonly isInert: boolean
  /** The part of the page's address that asks for calls, or nothing if it asks for none. */
  readonly query: string
  /** Has taken calls already, unless something has to be asked before there may be any. */
  readonly acceptor: Acceptor | undefined
  fetch(url: string): Promise<Response>
}
