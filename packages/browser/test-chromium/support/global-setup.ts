/** Finds the browser and bundles the library, once for all tests. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findChromium } from '../../../../scripts/lib/chromium.mjs'
import { bundleScripts } from './bundle-scripts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the browser's program. */
    chromium: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide('chromium', findChromium())
  const folder = await mkdtemp(join(tmpdir(), 'sluice-scripts-'))
  const forget = () => rm(folder, { recursive: true, force: true })
  project.provide('scripts', folder)
  await bundleScripts(folder).catch(async (cause) => {
    await forget()
    throw cause
  })
  return forget
}
