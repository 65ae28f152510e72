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
  active?: boolean | undefined
  ip?: string | undefined
  locale?: string | undefined
  location?: Location | undefined
  page?: Page | undefined
  userAgent?: string | undefined
  userAgentData?: UserAgentData | undefined
  library?: { name: string; version: string } | undefined
  /** Traits that go with a call which is not `identify`. */
  traits?: Record<string, Anything> | undefined
  campaign?: Campaign | undefined
  referrer?: Referrer | undefined
  amp?: { id: string } | undefined
  [key: string]: Anything
}

interface Location {
  city?: string | undefined
  country?: string | undefined
  latitude?: string | undefined
  longitude?: string | undefined
  region?: string | undefined
  speed?: number | undefined
}

interface Page {
  path?: string | undefined
  referrer?: string | undefined
  search?: string | undefined
  title?: string | undefined
  url?: string | undefined
}

interface UserAgentData {
  brands?: { brand: string; version: string }[] | undefined
  mobile?: boolean | undefined
  platform?: string | undefined
  architecture?: string | undefined
  bitness?: string | undefined
  model?: string | undefined
  platformVersion?: string | undefined
  /** @deprecated Browsers replaced it by `fullVersionList`. */
  uaFullVersion?: string | undefined
  fullVersionList?: { brand: string; version: string }[] | undefined
  wow64?: boolean | undefined
}

interface Referrer {
  type?: string | undefined
  name?: string | undefined
  url?: string | undefined
  link?: string | undefined
  id?: string | undefined
  btid?: string | undefined
  urid?: string | undefined
}
