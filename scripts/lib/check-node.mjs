/** Says at once, and in words, that this Node is too old, rather than failing later in some library. */
import { readManifest, root } from './workspace.mjs'

export function checkNode() {
  const needed = Number(/\d+/.exec(readManifest(root).engines?.node ?? '')?.[0] ?? 0)
  const [major = 0] = process.versions.node.split('.').map(Number)
  if (major >= needed) return
  console.error(`Node ${needed} or newer is needed; this is Node ${process.versions.node}.`)
  process.exit(1)
}
