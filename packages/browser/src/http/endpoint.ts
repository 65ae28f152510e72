/** Where events go: a host with a base path, as Segment's settings give it, without a scheme; one with a scheme is fine too. */
export interface EndpointSettings {
  /** @default 'api.segment.io/v1' */
  readonly apiHost?: string | undefined
  /** Used when `apiHost` has no scheme. @default 'https' */
  readonly protocol?: 'http' | 'https' | undefined
}

/** The base URL of the Tracking API, without a slash at its end. */
export function apiBase({ apiHost = 'api.segment.io/v1', protocol = 'https' }: EndpointSettings): string {
  const base = /^https?:\/\//i.test(apiHost) ? apiHost : `${protocol}://${apiHost}`
  return base.replace(/\/+$/, '')
}
