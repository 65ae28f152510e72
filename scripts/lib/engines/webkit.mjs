/** WebKit, as WebKitGTK has it, by WebDriver. It needs a display, for which a virtual one is started. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { freePort } from '../free-port.mjs'
import { EngineMissing, until } from './engine.mjs'

const driverPath = process.env.WEBKIT_DRIVER_PATH ?? '/usr/bin/WebKitWebDriver'
const displayPath = '/usr/bin/Xvfb'

/** The key under which WebDriver names an element. */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf'

/** Longest wait for an answer of the driver, and for its browser to start, in ms. */
const patienceMs = 60_000
const startMs = 15_000

/** Talks with nobody but this machine. */
const proxy = {
  proxyType: 'manual',
  httpProxy: '127.0.0.1:9',
  sslProxy: '127.0.0.1:9',
  noProxy: ['localhost', '127.0.0.1'],
}

/** @returns {Promise<import('./engine.mjs').Engine>} */
export async function startWebKit() {
  const browserPath = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu']
    .map((folder) => `${folder}/webkit2gtk-4.1/MiniBrowser`)
    .find((path) => existsSync(path))
  if (!browserPath || !existsSync(driverPath) || !existsSync(displayPath)) {
    throw new EngineMissing('There is no WebKitWebDriver with a MiniBrowser and Xvfb on this machine')
  }
  const display = await startDisplay()
  const alwaysMatch = {
    'webkitgtk:browserOptions': { binary: browserPath, args: ['--automation'] },
    proxy,
  }
  let version = ''

  const startDriver = async () => {
    const port = await freePort(0)
    const driver = spawn(driverPath, ['--host=127.0.0.1', `--port=${port}`], {
      stdio: 'ignore',
      env: {
        ...process.env,
        DISPLAY: display.name,
        NO_AT_BRIDGE: '1',
        WEBKIT_DISABLE_COMPOSITING_MODE: '1',
      },
    })
    const exited = once(driver, 'exit')
    const end = async () => {
      driver.kill()
      await exited
    }
    const base = `http://127.0.0.1:${port}`
    const isThere = () =>
      fetch(`${base}/status`).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      )
    try {
      await until(isThere, 'WebKitWebDriver')
      const { sessionId, capabilities } = await ask(
        `${base}/session`,
        { capabilities: { alwaysMatch } },
        'POST',
        startMs,
      )
      return { base, sessionId, version: String(capabilities.browserVersion), end }
    } catch (reason) {
      await end()
      throw reason
    }
  }

  /** @returns {Promise<import('./engine.mjs').Visitor>} */
  const newVisitor = async () => {
    // Now and then the browser does not find its driver; the next one does.
    const { base, sessionId, end, ...found } = await startDriver().catch(startDriver).catch(startDriver)
    version = found.version
    const session = `${base}/session/${sessionId}`
    const [first] = await ask(`${session}/window/handles`)
    let isFirstFree = true

    return {
      async open(url) {
        const handle = isFirstFree ? first : (await ask(`${session}/window/new`, { type: 'tab' })).handle
        isFirstFree = false
        const tab = tabOf(session, handle)
        await tab.goTo(url)
        return tab
      },
      async leave() {
        await ask(session, undefined, 'DELETE').catch(() => {})
        await end()
      },
    }
  }

  try {
    const somebody = await newVisitor()
    await somebody.leave()
  } catch (reason) {
    await display.close()
    throw reason
  }
  return { name: 'WebKit', version, newVisitor, close: display.close }
}

/**
 * @param {string} session
 * @param {string} handle
 * @returns {import('./engine.mjs').Tab}
 */
function tabOf(session, handle) {
  /** WebDriver talks to one tab at a time. @param {string} path @param {object} [body] @param {string} [method] */
  const inTab = async (path, body, method) => {
    await ask(`${session}/window`, { handle })
    return ask(session + path, body, method)
  }
  return {
    goTo: (url) => inTab('/url', { url }),
    async evaluate(code) {
      const script = `const done = arguments[arguments.length - 1]; Promise.resolve(${code}).then(done)`
      return inTab('/execute/async', { script, args: [] })
    },
    async click(selector) {
      const element = await inTab('/element', { using: 'css selector', value: selector })
      await ask(`${session}/element/${element[elementKey]}/click`, {})
    },
    reload: () => inTab('/refresh', {}),
    async close() {
      // The last tab would take the browser along, and new ones come from one that is there.
      const { handle: other } = await inTab('/window/new', { type: 'tab' })
      await inTab('/window', undefined, 'DELETE')
      await ask(`${session}/window`, { handle: other })
    },
    hide: undefined,
    kill: undefined,
  }
}

/**
 * @param {string} url
 * @param {object} [body]
 * @param {string} [method]
 * @param {number} [waitMs]
 * @returns {Promise<any>}
 */
async function ask(url, body, method = body ? 'POST' : 'GET', waitMs = patienceMs) {
  const signal = AbortSignal.timeout(waitMs)
  const response = await fetch(url, { method, signal, ...(body && { body: JSON.stringify(body) }) })
  const { value } = /** @type {{ value: any }} */ (await response.json())
  if (!response.ok) throw new Error(`${method} ${url}: ${value.error} ${value.message}`)
  return value
}

/** A display of our own; its number is the first that is free. */
async function startDisplay() {
  const child = spawn(displayPath, ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'exit')
  const [number] = await once(/** @type {NodeJS.ReadableStream} */ (child.stdio[3]), 'data')
  return {
    name: `:${String(number).trim()}`,
    async close() {
      child.kill()
      await exited
    },
  }
}
