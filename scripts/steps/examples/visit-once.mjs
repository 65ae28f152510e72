/** The reading list, built and served, with one reader in a Chromium and a Tracking API of its own. */
import { bringChromium, chromiumVersion } from '../../lib/chromium.mjs'
import { freePort } from '../../lib/free-port.mjs'
import { serveSite } from '../../reading-list/serve-site.mjs'
import { visitReadingList } from '../../reading-list/visit-reading-list.mjs'
import { startTrackingApi } from '../../shop/start-tracking-api.mjs'

export async function visitOnce() {
  const chromium = await bringChromium(console.log)
  const api = await startTrackingApi()
  const site = await serveSite({ port: await freePort(0), trackingApi: api.url })
  try {
    const { arrived, missing, surplus } = await visitReadingList({
      site: site.url,
      trackingApi: api.url,
      chromium,
    })
    const faults = [
      ...missing.map((line) => `lost: ${line}`),
      ...surplus.map((line) => `not expected: ${line}`),
    ]
    if (faults.length > 0) throw new Error(faults.join('\n'))
    return `${arrived.length} events, ${await chromiumVersion(chromium)}`
  } finally {
    await site.close()
    await api.close()
  }
}
