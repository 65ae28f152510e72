/** The example shop and its visitors, as processes of their own: they are ordinary programs and know nothing of us. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../lib/free-port.mjs'
import { root } from '../lib/workspace.mjs'

const example = join(root, 'examples/node-http')
const usualPort = 3000

// Longer than the shop may take to send its last events.
const endsWithinMs = 45_000

/** @param {string} trackingApi */
export async function startShop(trackingApi) {
  const port = await freePort(usualPort)
  if (port !== usualPort) console.log(`Port ${usualPort} is taken; the shop listens on ${port} instead.`)
  const shop = startProgram('server.js', [], {
    PORT: String(port),
    SLUICE_WRITE_KEY: 'shop',
    SLUICE_HOST: trackingApi,
  })
  const url = `http://127.0.0.1:${port}`
  await Promise.race([
    once(shop.child.stdout, 'data'),
    shop.ended.then(() => Promise.reject(new Error('The shop did not open; see above.'))),
  ])
  return {
    url,
    end: shop.end,

    /** @returns {Promise<{ tracked: number }>} */
    async readStats() {
      const response = await fetch(`${url}/stats`)
      return /** @type {{ tracked: number }} */ (await response.json())
    },
  }
}

/**
 * @param {string} shop
 * @param {{ visitors: string, seed: string }} settings
 */
export function startTraffic(shop, { visitors, seed }) {
  const args = ['--shop', shop, '--visitors', visitors, '--seed', seed]
  const traffic = startProgram('traffic.js', args)
  return {
    end: traffic.end,
    done: traffic.ended.then((status) => {
      if (status !== 0) throw new Error('Some visitors were not served; see above.')
    }),
  }
}

/**
 * @param {string} file
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
function startProgram(file, args, env = {}) {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: example,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own: Ctrl-C reaches it through us, in our order.
    detached: true,
  })
  child.stdout.resume()
  /** @type {Promise<number | null>} */
  const ended = once(child, 'exit').then(([status]) => status)

  return {
    child,
    ended,

    async end() {
      child.kill('SIGTERM')
      const late = new AbortController()
      const kill = sleep(endsWithinMs, undefined, { signal: late.signal }).then(
        () => child.kill('SIGKILL'),
        () => undefined,
      )
      await Promise.race([ended, kill])
      late.abort()
    },
  }
}
