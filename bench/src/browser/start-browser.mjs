/** Starts Chromium for a benchmark. */
import { chromium } from 'playwright-core'
import { chromiumFlags, chromiumVersion, findChromium } from '../../../scripts/lib/chromium.mjs'

export async function startBrowser() {
  const executablePath = findChromium()
  const browser = await chromium.launch({ executablePath, args: chromiumFlags })
  return { browser, version: await chromiumVersion(executablePath), close: () => browser.close() }
}
