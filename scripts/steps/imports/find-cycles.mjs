/** Import cycles, counting imports of types: a cycle of types is a cycle in the reader's head. */
import madge from 'madge'

/**
 * @param {string} folder
 * @returns {Promise<string>} How much was looked at.
 * @throws when there are cycles, naming each.
 */
export async function findCycles(folder) {
  const withTypes = { skipTypeImports: false }
  const graph = await madge(folder, {
    fileExtensions: ['ts', 'tsx', 'mts'],
    detectiveOptions: { ts: withTypes, tsx: withTypes },
  })
  const cycles = graph.circular()
  if (cycles.length > 0) throw new Error(cycles.map((files) => [...files, files[0]].join(' → ')).join('\n'))

  // A file that could not be found would hide every cycle through it.
  const lost = graph.warnings().skipped.filter((path) => path.startsWith('.'))
  if (lost.length > 0) throw new Error(`could not follow ${lost.join(', ')}`)

  return `${Object.keys(graph.obj()).length} files`
}
