/** Bundles the library, once for all tests. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { bundleScripts } from '../test-chromium/support/bundle-scripts'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-scripts-'))
  project.provide('scripts', folder)
  await bundleScripts(folder)
  return () => rm(folder, { recursive: true, force: true })
}
