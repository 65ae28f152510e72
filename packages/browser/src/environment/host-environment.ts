import { isString } from '@sluice/core'
import { guarded } from '../storage/guarded'
import type { AdReferrer } from './ad-referrer'
import type { ClientHints, ClientHintsSource, HighEntropyHint } from './client-hints'
import { readClientHints } from './client-hints'
import type { Environment } from './enrich-environment'

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
export interface HostEnvironment extends Environment {
  load(): Promise<void>
}

export function createHostEnvironment(settings: HostEnvironmentSettings): HostEnvironment {
  let userAgentData: ClientHints | undefined
  let keptId: string | undefined
  const timeZone = createTimeZone()
  const load = async () => {
    timeZone()
    userAgentData = await readClientHints(told('userAgentData'), settings.hints)
  }
  let loading: Promise<void> | undefined
  return {
    load() {
      loading ??= load()
      return loading
    },
    describe() {
      // Visitors who come from an AMP page have their id in this cookie.
      const id = settings.readCookie('_ga')
      return {
        userAgent: text('userAgent'),
        userAgentData,
        // Old browsers on Windows tell the language of the user apart from that of the system.
        locale: text('userLanguage') || text('language'),
        library: { name: '@sluice/browser', version: settings.version },
        timezone: timeZone(),
        ...(id?.startsWith('amp') && { amp: { id } }),
      }
    },
    adReferrer: settings.readAdReferrer,
    keepAdReferrer(ad) {
      // Every event of a page names the same ad; one write keeps it.
      if (ad.id !== keptId) settings.keepAdReferrer(ad)
      keptId = ad.id
    },
  }
}

/** Asking takes long, the first time very long: it is asked again only when the clock of the device has changed. */
function createTimeZone(): () => string | undefined {
  let name: string | undefined
  let askedAt: number | undefined
  return () => {
    const offset = new Date().getTimezoneOffset()
    if (offset !== askedAt) name = guarded(() => Intl.DateTimeFormat().resolvedOptions().timeZone)
    askedAt = offset
    return name
  }
}

interface Host {
  userAgent?: string
  language?: string
  userLanguage?: string
  userAgentData?: ClientHintsSource
}

// Asked for anew every time, so that importing reads nothing; servers have none, and those of some pages throw.
const told = <Name extends keyof Host>(name: Name): Host[Name] | undefined =>
  guarded(() => (globalThis as { navigator?: Host }).navigator?.[name])

/** What is no text is left out: no event could carry it. */
const text = (name: 'userAgent' | 'userLanguage' | 'language') => {
  const found: unknown = told(name)
  return isString(found) ? found : undefined
}
