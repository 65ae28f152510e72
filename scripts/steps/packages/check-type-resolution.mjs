/** TypeScript finds, under every way of resolving modules, the types of the very file that Node would load. */
import { runTool } from '../../lib/run.mjs'

/**
 * @param {string} tarball
 * @param {import('../../lib/workspace.mjs').Manifest} manifest
 */
export async function checkTypeResolution(tarball, manifest) {
  const profile = JSON.stringify(manifest.exports).includes('"require"') ? 'node16' : 'esm-only'
  await runTool('attw', [tarball, '--profile', profile, '--format', 'ascii', '--no-emoji', '--no-color'])
  return profile
}
