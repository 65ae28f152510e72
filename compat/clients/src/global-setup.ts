/** Bundles the pages and starts the browser, once for all tests. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, parse } from 'node:path'
import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'
import { buildStandalone } from '../../../scripts/lib/build-standalone.mjs'
import { chromiumFlags, findChromium } from '../../../scripts/lib/chromium.mjs'
import { bundlePages } from './bundle-pages'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the browser listens. */
    browser: string
    /** Folder of the bundled scripts. */
    scripts: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-clients-'))
  const forget = () => rm(folder, { recursive: true, force: true })
  try {
    const files = await readdir(join(import.meta.dirname, 'pages'))
    await bundlePages(
      files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts')).map((file) => parse(file).name),
      folder,
    )
    await buildStandalone(join(folder, 'classic'))
    const browser = await chromium.launchServer({
      executablePath: findChromium(),
      // Nobody else can be reached, whatever a client tries.
      args: [...chromiumFlags, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    })
    project.provide('browser', browser.wsEndpoint())
    project.provide('scripts', folder)
    return async () => {
      await browser.close()
      await forget()
    }
  } catch (cause) {
    await forget()
    throw cause
  }
}
