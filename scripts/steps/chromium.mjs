/**
 * The browser library in a real Chromium: pages that are left, killed, put to sleep and cut off, and real destinations
 * and clients beside Segment's library.
 */
import { bringChromium, chromiumVersion } from '../lib/chromium.mjs'
import { runVitest } from './vitest.mjs'

const configs = [
  'packages/browser/test-chromium/vitest.config.ts',
  'compat/destinations/vitest.config.ts',
  'compat/clients/vitest.config.ts',
]

/** @type {import('../lib/report.mjs').Step} */
export default async function chromium(report) {
  let path = ''
  const found = await report.check('a Chromium to test with', async () => {
    path = await bringChromium(report.say)
    return `${await chromiumVersion(path)}, ${path}`
  })
  if (!found) return
  process.env.CHROMIUM_PATH = path
  for (const config of configs) await runVitest(report, ['--config', config])
}
