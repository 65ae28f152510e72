import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'
import { inject } from 'vitest'
import { chromiumFlags } from '../../../../scripts/lib/chromium.mjs'

/** A visitor's browser, with a profile on disk. */
export interface VisitorsBrowser {
  /** The tabs. */
  readonly context: BrowserContext
  /** Ends the browser as a visitor does and starts it again with the same profile. */
  restart(): Promise<void>
  /** Ends the browser and forgets the profile. */
  close(): Promise<void>
}

export interface BrowserOptions {
  /** Of the profile, as the browser's settings page would write them. */
  preferences?: object | undefined
}

/**
 * Starts Chromium itself and connects to it with no defaults of Playwright's, which would keep every tab visible and
 * switch off the back/forward cache.
 */
export async function startBrowser({ preferences }: BrowserOptions = {}): Promise<VisitorsBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'sluice-profile-'))
  if (preferences) {
    await mkdir(join(profile, 'Default'))
    await writeFile(join(profile, 'Default/Preferences'), JSON.stringify(preferences))
  }
  let running = await launch(profile)
  return {
    get context() {
      return running.context
    },
    async restart() {
      await running.end()
      running = await launch(profile)
    },
    async close() {
      await running.end()
      await rm(profile, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

async function launch(profile: string) {
  const child = spawn(
    inject('chromium'),
    [
      ...chromiumFlags,
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0',
      // Nobody speaks on this pipe: the browser ends when it closes, and so never outlives us, whatever ends us.
      '--remote-debugging-pipe',
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
  )
  const exited = once(child, 'exit')
  const address = await readAddress(child.stderr)
  const browser = await chromium.connectOverCDP(address, { noDefaults: true })
  const [context] = browser.contexts()
  if (!context) throw new Error('The browser has no profile')
  context.setDefaultTimeout(10_000)
  return {
    context,
    async end() {
      const session = await browser.newBrowserCDPSession()
      // The connection may be cut before the answer comes.
      await Promise.race([session.send('Browser.close').catch(() => {}), exited])
      await exited
    },
  }
}

/** Chromium tells on its error stream where it listens. */
function readAddress(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    stream?.on('data', (part: Buffer) => {
      text += part
      const address = /DevTools listening on (ws:\S+)/.exec(text)?.[1]
      if (address) resolve(address)
    })
    stream?.on('end', () => reject(new Error(`Chromium ended before it was ready:\n${text}`)))
  })
}
