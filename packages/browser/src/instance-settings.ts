import type { EventQueue } from './event-queue'
import type { AnalyticsSettings } from './options'
import type { CDNSettings } from './settings/cdn-settings'
import { minimalSettings } from './settings/minimal-settings'

/** What a client was set up with. */
export class AnalyticsInstanceSettings {
  readonly writeKey: string
  readonly cdnURL: string | undefined
  /** What the CDN says about the source. It may change in form at any time: it is Segment's. */
  cdnSettings: CDNSettings
  /** How long callbacks, links and forms wait for an event, in ms. @default 300 */
  timeout = 300
  readonly #queue: EventQueue

  constructor({ writeKey, cdnURL, cdnSettings = minimalSettings('') }: AnalyticsSettings, queue: EventQueue) {
    this.writeKey = writeKey
    this.cdnURL = cdnURL
    this.cdnSettings = cdnSettings
    this.#queue = queue
  }

  /** Host and base path of the Tracking API, once it is known. */
  get apiHost(): string | undefined {
    const api: object | undefined = this.#queue.plugins.find(({ name }) => name === 'Segment.io')
    return (api as { metadata?: { apiHost?: string } } | undefined)?.metadata?.apiHost || undefined
  }
}
