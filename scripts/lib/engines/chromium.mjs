/** Chromium, by its own protocol. Nothing of Playwright's defaults: they keep tabs visible and the back/forward cache off. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { chromiumFlags, chromiumVersion, findChromium } from '../chromium.mjs'
import { EngineMissing, until } from './engine.mjs'

/** @returns {Promise<import('./engine.mjs').Engine>} */
export async function startChromium() {
  const path = find()
  return {
    name: 'Chromium',
    version: await chromiumVersion(path),
    newVisitor: () => newVisitor(path),
    close: async () => {},
  }
}

/**
 * A browser with a profile of its own: tabs of other contexts than the first have windows of their own, and cannot hide
 * one another.
 * @param {string} path
 * @returns {Promise<import('./engine.mjs').Visitor>}
 */
async function newVisitor(path) {
  const profile = await mkdtemp(join(tmpdir(), 'sluice-chromium-'))
  const child = spawn(
    path,
    [
      ...chromiumFlags,
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0',
      // Nobody speaks on this pipe: the browser ends when it closes, whatever ends us.
      '--remote-debugging-pipe',
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
  )
  const exited = once(child, 'exit')
  const browser = await chromium.connectOverCDP(await readAddress(child.stderr), { noDefaults: true })
  const [context] = browser.contexts()
  if (!context) throw new Error('The browser has no profile')
  return {
    async open(url) {
      const page = await context.newPage()
      await arrive(page, url)
      return tabOf(page)
    },
    async leave() {
      const session = await browser.newBrowserCDPSession()
      // The connection may be cut before the answer comes.
      await Promise.race([session.send('Browser.close').catch(() => {}), exited])
      await exited
      await rm(profile, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

function find() {
  try {
    return findChromium()
  } catch (cause) {
    throw new EngineMissing('There is no Chromium on this machine', { cause })
  }
}

/**
 * A page may send its visitors on to another one before it is complete.
 * @param {import('playwright-core').Page} page
 * @param {string} url
 */
async function arrive(page, url) {
  await page.goto(url).catch((reason) => {
    if (!/interrupted|aborted|NS_BINDING_ABORTED|ERR_ABORTED/i.test(String(reason))) throw reason
  })
}

/**
 * @param {import('playwright-core').Page} page
 * @returns {import('./engine.mjs').Tab}
 */
function tabOf(page) {
  return {
    goTo: (url) => arrive(page, url),
    evaluate: (code) => page.evaluate(code),
    // It waits for the next page otherwise, which the click may bring.
    click: (selector) => page.click(selector, { noWaitAfter: true }),
    reload: async () => void (await page.reload()),
    close: () => page.close(),
    async hide() {
      const front = await page.context().newPage()
      await front.bringToFront()
      await until(
        async () => (await page.evaluate('document.visibilityState')) === 'hidden' || undefined,
        'a hidden tab',
      )
    },
    async kill() {
      const session = await page.context().newCDPSession(page)
      const crashed = page.waitForEvent('crash')
      // It is not there to answer.
      session.send('Page.crash').catch(() => {})
      await crashed
      await page.close()
    },
  }
}

/**
 * Chromium tells on its error stream where it listens.
 * @param {NodeJS.ReadableStream | null} stream
 * @returns {Promise<string>}
 */
function readAddress(stream) {
  let text = ''
  return new Promise((resolve, reject) => {
    stream?.on('data', (/** @type {Buffer} */ part) => {
      text += part
      const address = /DevTools listening on (ws:\S+)/.exec(text)?.[1]
      if (address) resolve(address)
    })
    stream?.on('end', () => reject(new Error(`Chromium ended before it was ready:\n${text}`)))
  })
}
