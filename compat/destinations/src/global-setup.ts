/** Bundles the scripts, reads the destinations' definitions and starts the browser, once for all tests. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'
import { chromiumFlags, findChromium } from '../../../scripts/lib/chromium.mjs'
import { bundleScripts } from './bundle'
import { type Catalogue, readCatalogue } from './catalogue'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the browser listens. */
    browser: string
    /** Folder of the bundled scripts. */
    scripts: string
    catalogue: Catalogue
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-destinations-'))
  const forget = () => rm(folder, { recursive: true, force: true })
  try {
    const browser = await chromium.launchServer({
      executablePath: findChromium(),
      // What no test answers for is found nowhere.
      args: [...chromiumFlags, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    })
    project.provide('browser', browser.wsEndpoint())
    project.provide('scripts', folder)
    project.provide('catalogue', readCatalogue())
    await bundleScripts(folder).catch(async (cause) => {
      await browser.close()
      throw cause
    })
    return async () => {
      await browser.close()
      await forget()
    }
  } catch (cause) {
    await forget()
    throw cause
  }
}
