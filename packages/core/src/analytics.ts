/** What plugins may rely on in every client, browser or server. */
export interface CoreAnalytics {
  track(...args: unknown[]): unknown
  page(...args: unknown[]): unknown
  identify(...args: unknown[]): unknown
  group(...args: unknown[]): unknown
  alias(...args: unknown[]): unknown
  screen(...args: unknown[]): unknown
  register(...plugins: unknown[]): Promise<unknown>
  deregister(...names: string[]): Promise<unknown>
  readonly VERSION: string
}
