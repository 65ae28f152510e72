import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Builds the command line from its sources, so that tests can run it as a process; answers the file. */
export async function buildCli(name: string): Promise<string> {
  // Inside the package, so that the built file finds the package's dependencies.
  const outfile = `${root}.cache/${name}.mjs`
  await build({
    entryPoints: [`${root}src/cli.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
  })
  return outfile
}
