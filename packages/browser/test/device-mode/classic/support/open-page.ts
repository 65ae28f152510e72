import { onTestFinished } from 'vitest'
import type {
  AnalyticsBrowserSettings,
  CDNSettings,
  InitOptions,
  RemoteIntegrationSettings,
} from '../../../../src'
import { startServer, usualSettings } from '../../../client/support/fake-server'
import { load, settled } from '../../../client/support/start-page'
import { holdScripts } from '../../../support/held-scripts'

let pages = 0

/** Settings of destinations by name, those of the CDN that a page needs besides are there. */
export type Destinations = Record<string, RemoteIntegrationSettings>

/**
 * A page whose source has these destinations. Scripts are kept by their addresses as long as a page lives, so that of each
 * page are of a version of their own.
 */
export function openPage(
  destinations: Destinations,
  options: InitOptions = {},
  settings: Partial<AnalyticsBrowserSettings> = {},
  ofSource: Partial<CDNSettings> = {},
) {
  const version = `${++pages}.0.0`
  const server = startServer()
  const integrations = { ...usualSettings.integrations }
  for (const [name, of] of Object.entries(destinations)) {
    integrations[name] = of.versionSettings?.version
      ? of
      : { ...of, versionSettings: { ...of.versionSettings, version } }
  }
  server.settings = { ...usualSettings, integrations, ...ofSource }
  const scripts = holdScripts()
  const analytics = load(options, settings)

  const end = async (type: 'load' | 'error', part: string) => {
    await settled()
    const index = scripts.all().findIndex(({ src }) => src.includes(part))
    if (index < 0) throw new Error(`Nobody asked for ${part}`)
    scripts.fire(type, index)
    await settled()
  }
  return {
    server,
    analytics,
    version,
    /** The addresses of scripts that are on the page. */
    addresses: () => scripts.all().map(({ src }) => src),
    /** The script whose address has `part` in it comes, and leaves these globals on the page. */
    async arrive(part: string, globals: Record<string, unknown> = {}) {
      for (const [name, value] of Object.entries(globals)) {
        Reflect.set(globalThis, name, value)
        onTestFinished(() => void Reflect.deleteProperty(globalThis, name))
      }
      await end('load', part)
    },
    /** The script whose address has `part` in it cannot be loaded. */
    fail: (part: string) => end('error', part),
  }
}

/** What the script of a destination leaves on the page. */
export function globalsOf(slug: string, source: unknown, deps: string[] = []): Record<string, unknown> {
  return {
    [`${slug}Deps`]: deps,
    // The loader leaves it there.
    [`${slug}Integration`]: undefined,
    [`${slug}Loader`]: () => Reflect.set(globalThis, `${slug}Integration`, source),
  }
}
