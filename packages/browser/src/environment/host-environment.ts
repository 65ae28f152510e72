import type { AdReferrer } from './ad-referrer'
import type { ClientHints, ClientHintsSource, HighEntropyHint } from './client-hints'
import { readClientHints } from './client-hints'
import type { Environment } from './enrich-environment'
import { readLocale } from './locale'
import { readTimeZone } from './time-zone'

export interface HostEnvironmentSettings {
  /** Version of this library. */
  version: string
  /** What to ask the browser for besides what it tells everybody. */
  hints?: readonly HighEntropyHint[] | undefined
  readCookie(name: string): string | null | undefined
  readAdReferrer(): unknown
  keepAdReferrer(ad: AdReferrer): void
}

/** The browser that this code runs in. Its client hints are known once `load` has ended. */
export function createHostEnvironment(settings: HostEnvironmentSettings): Environment & {
  load(): Promise<void>
} {
  let clientHints: ClientHints | undefined
  let keptId: string | undefined
  return {
    version: settings.version,
    async load() {
      clientHints = await readClientHints(host()?.userAgentData, settings.hints)
    },
    userAgent: () => host()?.userAgent,
    clientHints: () => clientHints,
    locale: () => readLocale(host() ?? {}),
    timeZone: readTimeZone,
    ampId() {
      const id = settings.readCookie('_ga')
      return id?.startsWith('amp') ? id : undefined
    },
    adReferrer: settings.readAdReferrer,
    keepAdReferrer(ad) {
      // Every event of a page names the same ad; one write keeps it.
      if (ad.id !== keptId) settings.keepAdReferrer(ad)
      keptId = ad.id
    },
  }
}

interface Host {
  userAgent?: string
  language?: string
  userLanguage?: string
  userAgentData?: ClientHintsSource
}

// Asked for anew every time, so that importing reads nothing; servers have none.
const host = () => (globalThis as { navigator?: Host }).navigator
