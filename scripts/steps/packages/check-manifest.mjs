/** `package.json` says what is true: every file it names is in the tarball and of the format it claims. */
import { readFileSync } from 'node:fs'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

/**
 * @param {string} tarball
 * @throws with all warnings and errors.
 */
export async function checkManifest(tarball) {
  const { buffer } = Uint8Array.from(readFileSync(tarball))
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true })
  const faults = messages.filter(({ type }) => type !== 'suggestion')
  if (faults.length > 0) {
    throw new Error(faults.map((fault) => `${fault.type}: ${formatMessage(fault, pkg)}`).join('\n'))
  }
}
