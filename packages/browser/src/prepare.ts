import { isFunction } from '@sluice/core'
import { createMemoryStore, hostClock } from '@sluice/core/internal'
import { createAcceptor } from './acceptor'
import type { Beginning, Found } from './beginning'
import { earlyRoute } from './early-route'
import { enrichEnvironment } from './environment/enrich-environment'
import { createHostEnvironment } from './environment/host-environment'
import { ownFields } from './own-fields'
import { trackingAPISettings } from './plugins/tracking-api'
import { sendAhead } from './send-ahead'
import { segmentCDN } from './settings/cdn-base'
import type { CDNSettings } from './settings/cdn-settings'
import { loadSettings } from './settings/load-settings'
import { createLocalStore, writingChanges } from './storage/local-store'
import type { Stores } from './storage/stores'
import { createUniversalStorage } from './storage/stores'
import { version } from './version'

/** Where the ad that brought a visitor is kept. */
const adReferrerKey = 's:context.referrer'

/**
 * What comes before the client is put together: finds the settings, asks whether the client is disabled, and sends the
 * first events. Returns nothing for a client that is disabled.
 */
export async function prepare(beginning: Beginning): Promise<Found | undefined> {
  const { settings, options } = beginning
  let { acceptor } = beginning
  let hasAnswered = false
  const noteAnswer = () => {
    hasAnswered = true
    // A service worker or a cache may have given it.
    acceptor?.page.lifecycle.answered(false)
  }
  const { cdnSettings, failure, later } = await findSettings(beginning, noteAnswer)
  if (typeof options.disable === 'function' && (await options.disable(cdnSettings))) return undefined
  acceptor ??= createAcceptor(settings.writeKey, options)
  if (hasAnswered) noteAnswer()
  const environment = environmentOf(beginning, acceptor.stores)
  await environment.load()
  const { early } = beginning
  if (early) {
    early.route = later
      ? undefined
      : earlyRoute(beginning, cdnSettings, ({ context }) => enrichEnvironment(context, environment))
    if (early.route) sendAhead(beginning, early.route, acceptor, early)
  }
  return { cdnSettings, failure, later, acceptor, environment }
}

async function findSettings(
  { settings, options, ...beginning }: Beginning,
  noteAnswer: () => void,
): Promise<Pick<Found, 'cdnSettings' | 'failure' | 'later'>> {
  const { disable, disableClientPersistence, cacheSettings = true, store, updateCDNSettings } = options
  const update = (given: CDNSettings) =>
    readSettings(isFunction(updateCDNSettings) ? updateCDNSettings(given) : given)
  if (settings.cdnSettings) return { cdnSettings: update(settings.cdnSettings), failure: undefined }
  const isCached = cacheSettings && !disableClientPersistence && typeof disable !== 'function'
  const cache = isCached ? (store ?? writingChanges(createLocalStore())) : createMemoryStore()
  const fetch = async (url: string) => {
    const response = await beginning.fetch(url)
    noteAnswer()
    return response
  }
  const { from, reason, askOn, ...loaded } = await loadSettings({
    ...settings,
    clock: hostClock,
    cache,
    fetch,
  })
  const cdnSettings = update(loaded.settings)
  if (from !== 'fallback') return { cdnSettings, failure: undefined }
  console.warn('Settings could not be loaded', reason)
  // Whoever has a CDN of their own has not chosen Segment's servers.
  const isKnown =
    settings.cdnURL === segmentCDN ||
    trackingAPISettings(options.integrations ?? {}, cdnSettings)?.apiHost !== undefined
  return { cdnSettings, failure: { reason }, later: isKnown ? undefined : askOn?.().then(update) }
}

/** Settings of the page's own, or what its function has made of those of the source, may lack whatever it likes. */
function readSettings(given: CDNSettings): CDNSettings {
  const { integrations, ...further } = ownFields(given)
  return Object.assign(ownFields(further), { integrations: ownFields(integrations) })
}

function environmentOf({ options }: Beginning, stores: Stores) {
  const cookies = createUniversalStorage(stores, [options.disableClientPersistence ? 'memory' : 'cookie'])
  return createHostEnvironment({
    version,
    hints: options.highEntropyValuesClientHints,
    readCookie: stores.cookie.get,
    readAdReferrer: () => cookies.get(adReferrerKey),
    keepAdReferrer: (ad) => cookies.set(adReferrerKey, ad),
  })
}
