/** Firefox, by WebDriver BiDi. */
import { existsSync } from 'node:fs'
import puppeteer from 'puppeteer-core'
import { EngineMissing, until } from './engine.mjs'

const places = [process.env.FIREFOX_PATH, '/usr/bin/firefox-esr', '/usr/bin/firefox']

/** Talks with nobody but this machine. */
const preferences = {
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
  'network.proxy.no_proxies_on': 'localhost, 127.0.0.1',
}

/** @returns {Promise<import('./engine.mjs').Engine>} */
export async function startFirefox() {
  const executablePath = places.find((path) => path && existsSync(path))
  if (!executablePath) throw new EngineMissing('There is no Firefox on this machine')
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    extraPrefsFirefox: preferences,
  })
  return {
    name: 'Firefox',
    version: await browser.version(),

    async newVisitor() {
      const context = await browser.createBrowserContext()
      return {
        async open(url) {
          const page = await context.newPage()
          await arrive(page, url)
          return tabOf(page)
        },
        leave: () => context.close(),
      }
    },

    close: () => browser.close(),
  }
}

/**
 * A page may send its visitors on to another one before it is complete.
 * @param {import('puppeteer-core').Page} page
 * @param {string} url
 */
async function arrive(page, url) {
  await page.goto(url).catch((reason) => {
    if (!/interrupted|aborted|NS_BINDING_ABORTED|ERR_ABORTED/i.test(String(reason))) throw reason
  })
}

/**
 * @param {import('puppeteer-core').Page} page
 * @returns {import('./engine.mjs').Tab}
 */
function tabOf(page) {
  return {
    goTo: (url) => arrive(page, url),
    evaluate: (code) => page.evaluate(code),
    click: (selector) => page.click(selector),
    reload: async () => void (await page.reload()),
    close: () => page.close(),
    async hide() {
      const front = await page.browserContext().newPage()
      await front.bringToFront()
      await until(
        async () => (await page.evaluate('document.visibilityState')) === 'hidden' || undefined,
        'a hidden tab',
      )
    },
    kill: undefined,
  }
}
