import type { Anything } from './json'

/** `context.campaign`: where a visit came from. */
export type Campaign = {
  name: string
  source: string
  medium: string
  [key: string]: string
}

/** What surrounds an event: the page, the device, the library. Known fields are typed, others are welcome. */
export interface CoreExtraContext {
  /** False for events that should not count as activity of the user, such as nightly jobs. */
  active?: boolean
  ip?: string
  locale?: string
  location?: {
    city?: string
    country?: string
    latitude?: string
    longitude?: string
    region?: string
    speed?: string
  }
  page?: {
    path?: string
    referrer?: string
    search?: string
    title?: string
    url?: string
  }
  userAgent?: string
  userAgentData?: {
    brands?: { brand: string; version: string }[]
    mobile?: boolean
    platform?: string
    architecture?: string
    bitness?: string
    model?: string
    platformVersion?: string
    /** @deprecated Browsers replaced it by `fullVersionList`. */
    uaFullVersion?: string
    fullVersionList?: { brand: string; version: string }[]
    wow64?: boolean
  }
  library?: { name: string; version: string }
  /** Traits that go with a call which is not `identify`. */
  traits?: Record<string, Anything>
  campaign?: Campaign
  referrer?: {
    type?: string
    name?: string
    url?: string
    link?: string
    id?: string
    btid?: string
    urid?: string
  }
  amp?: { id: string }
  [key: string]: Anything
}
