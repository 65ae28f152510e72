/** TypeScript finds, under every way of resolving modules, the types of the very file that Node would load. */
import { runTool } from '../../lib/run.mjs'

/** @param {string} tarball */
export async function checkTypeResolution(tarball) {
  await runTool('attw', [tarball, '--profile', 'strict', '--format', 'ascii', '--no-emoji', '--no-color'])
}
