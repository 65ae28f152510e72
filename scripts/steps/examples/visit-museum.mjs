/** The museum, served with a Tracking API of its own, and one visitor in a Chromium. */
import { setTimeout as sleep } from 'node:timers/promises'
import { serveMuseum, writeKey } from '../../../examples/web-snippet/serve-museum.js'
import { expected, visit } from '../../../examples/web-snippet/visit.js'
import { bringChromium, chromiumFlags, chromiumVersion } from '../../lib/chromium.mjs'
import { freePort } from '../../lib/free-port.mjs'
import { startTrackingApi } from '../../shop/start-tracking-api.mjs'

/** Longest wait for what must come, in ms. */
const patienceMs = 60_000

/** Nothing more may come after the last event has: a second copy would be close behind. */
const silenceMs = 300

/**
 * What is read here of an event at the Tracking API.
 * @typedef {object} ArrivedEvent
 * @property {string} type
 * @property {string | null} event
 * @property {string | null} userId
 * @property {string} anonymousId
 * @property {{ context: { page: { path: string } } }} payload
 */

export async function visitMuseum() {
  const executablePath = await bringChromium(console.log)
  const api = await startTrackingApi()
  const museum = await serveMuseum({ port: await freePort(0), trackingApi: api.url })
  const readEvents = async () => {
    const response = await fetch(`${api.url}/api/events?writeKey=${writeKey}&limit=1000`)
    const { events } = /** @type {{ events: ArrivedEvent[] }} */ (await response.json())
    return events
  }
  try {
    const told = await visit({
      museum: museum.url,
      executablePath,
      args: chromiumFlags,

      async beforeEnd() {
        const givesUpAt = Date.now() + patienceMs
        while ((await readEvents()).length < expected.length && Date.now() < givesUpAt) await sleep(100)
        await sleep(silenceMs)
      },
    })
    if (told.length > 0) throw new Error(`the console heard: ${told.join('\n')}`)
    const arrived = await readEvents()
    const lines = arrived.map(({ type, event, userId, payload }) =>
      asLine({ type, what: event ?? '', path: payload.context.page.path, userId }),
    )
    const wanted = expected.map(asLine)
    // In requests of their own, so in no order.
    if (lines.sort().join('\n') !== wanted.sort().join('\n'))
      throw new Error(`expected\n${wanted.join('\n')}\nand there arrived\n${lines.join('\n')}`)
    const visitors = new Set(arrived.map(({ anonymousId }) => anonymousId)).size
    if (visitors !== 1) throw new Error(`one visitor was taken for ${visitors}`)
    return `${arrived.length} events, ${await chromiumVersion(executablePath)}`
  } finally {
    await museum.close()
    await api.close()
  }
}

/** @param {import('../../../examples/web-snippet/visit.js').ExpectedEvent} event */
const asLine = ({ type, what, path, userId }) => `${type} ${what} on ${path} by ${userId ?? 'a stranger'}`
