/** The direction of imports: no cycles anywhere, and layers only look down. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readWorkspace, root } from '../lib/workspace.mjs'
import { findCycles } from './imports/find-cycles.mjs'
import { findUpwardImports } from './imports/find-upward-imports.mjs'
import { browserLayers, coreLayers, platformLayers } from './imports/layers.mjs'

/** @type {Record<string, import('./imports/layers.mjs').Layer[]>} */
const layersOf = { '@sluice/core': coreLayers, '@sluice/browser': browserLayers }

/** @type {import('../lib/report.mjs').Step} */
export default async function imports(report) {
  const packages = readWorkspace()
    .map(({ name, path }) => ({ name, path, source: join(root, path, 'src') }))
    .filter(({ path, source }) => path.startsWith('packages/') && existsSync(source))

  for (const { name, source } of packages) {
    await report.check(`no import cycles in ${name}`, () => findCycles(source))
  }
  for (const { name, source } of packages) {
    const layers = layersOf[name] ?? platformLayers
    await report.check(`imports point down in ${name}`, () => findUpwardImports(source, layers))
  }
}
