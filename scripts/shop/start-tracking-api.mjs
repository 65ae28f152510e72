/** The Tracking API on this machine, keeping everything in memory. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePort } from '../lib/free-port.mjs'
import { root } from '../lib/workspace.mjs'

/**
 * @typedef {Awaited<ReturnType<typeof startTrackingApi>>} TrackingApi
 * @typedef {import('../print-arrival.mjs').Notice} Notice
 * @typedef {{ requests: number, bytes: number, accepted: number, duplicates: number, failed: number, refused: Record<string, number> }} Counts
 */

const usualPort = 4777

export async function startTrackingApi() {
  const entry = pathToFileURL(join(root, 'packages/dev-server/dist/index.js')).href
  const { createDevServer } = await import(entry)
  const port = await freePort(usualPort)
  if (port !== usualPort)
    console.log(`Port ${usualPort} is taken; the Tracking API listens on ${port} instead.`)
  /** @type {{ url: string, onArrival(listener: (notice: Notice) => void): void, close(): Promise<void> }} */
  const server = await createDevServer({ port, memory: true, anyKey: true })
  const url = server.url.replace(/\/$/, '')
  return {
    url,
    close: () => server.close(),

    /** @param {(notice: Notice) => void} listener */
    onArrival: (listener) => server.onArrival(listener),

    /** Nothing goes wrong any more. */
    async clearFaults() {
      await fetch(`${url}/api/faults`, { method: 'DELETE' })
    },

    /** @param {object[]} script */
    async injectFaults(script) {
      const headers = { 'Content-Type': 'application/json' }
      const response = await fetch(`${url}/api/faults`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ script }),
      })
      if (!response.ok) throw new Error(`The faults were not taken: ${await response.text()}`)
    },

    /** @returns {Promise<Counts>} */
    async readCounts() {
      const response = await fetch(`${url}/api/counts`)
      return /** @type {Counts} */ (await response.json())
    },
  }
}
