import { join } from 'node:path'
import type { OAuthOptions } from './auth/oauth-options'
import type { JsonObject } from './json'
import { defaultLimits, type Limits } from './limits'
import type { RateLimitOptions } from './rate-limit'

/** How a dev server is set up. Everything has a default; `{}` is a server on port 4777 with the write key `dev`. */
export interface DevServerOptions {
  /** Port to listen on; 0 takes any free one. @default 4777 */
  port?: number
  /** Address to bind to. Anything but loopback lets others on the network in. @default '127.0.0.1' */
  host?: string
  /** Names besides localhost and `host` by which it may be called, such as `host.docker.internal`. @default [] */
  allowedHosts?: readonly string[]
  /** The sources that may send. @default ['dev'], or none by name with `anyKey` */
  writeKeys?: readonly string[]
  /** Take every write key. @default false */
  anyKey?: boolean
  /** Answer 400 with a list when an event is faulty, instead of 200. Header `X-Strict-Mode: 1` does it for one request. @default false */
  strict?: boolean
  /** Keep everything in memory and nothing on disk. @default false */
  memory?: boolean
  /** File of the store; its folder is made. @default '.sluice/dev-server.sqlite' under the working directory */
  store?: string
  /** Other limits than Segment's. */
  limits?: Partial<Limits>
  /** Answer 429 beyond so many requests. @default no limit */
  rateLimit?: RateLimitOptions
  /** Serve `/token`, and take its tokens. @default none: `/token` answers `invalid_client` */
  oauth?: OAuthOptions
  /** Merged into the settings document that browsers load, key by key at the top and within `integrations`. @default {} */
  settings?: JsonObject
  /** The clock, in ms since 1970; for tests. @default Date.now */
  now?: () => number
  /** A number from 0 up to 1, for faults that strike a share; for tests. @default Math.random */
  random?: () => number
}

/** The options with every default filled in. */
export interface ResolvedOptions {
  port: number
  host: string
  allowedHosts: readonly string[]
  writeKeys: readonly string[]
  anyKey: boolean
  strict: boolean
  /** `undefined` for a store in memory. */
  storePath: string | undefined
  limits: Limits
  rateLimit: RateLimitOptions | undefined
  oauth: Required<OAuthOptions>
  settings: JsonObject
  now: () => number
  random: () => number
}

export function resolveOptions(options: DevServerOptions): ResolvedOptions {
  return {
    port: options.port ?? 4777,
    host: options.host ?? '127.0.0.1',
    allowedHosts: options.allowedHosts ?? [],
    writeKeys: options.writeKeys ?? (options.anyKey === true ? [] : ['dev']),
    anyKey: options.anyKey ?? false,
    strict: options.strict ?? false,
    storePath: options.memory === true ? undefined : (options.store ?? join('.sluice', 'dev-server.sqlite')),
    limits: { ...defaultLimits, ...options.limits },
    rateLimit: options.rateLimit,
    oauth: {
      clients: options.oauth?.clients ?? [],
      required: options.oauth?.required ?? false,
      tokenLifetimeSeconds: options.oauth?.tokenLifetimeSeconds ?? 3_600,
      scopes: options.oauth?.scopes ?? ['tracking_api:write'],
      audiences: options.oauth?.audiences ?? ['https://oauth2.segment.io'],
    },
    settings: options.settings ?? {},
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
  }
}
