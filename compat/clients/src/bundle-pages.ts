import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { aliases } from './libraries'
import { generateClients, generatedClients } from './typewriter/generate-clients'

const script = (name: string) => fileURLToPath(new URL(`./pages/${name}.ts`, import.meta.url))

/** Puts the scripts of pages into `folder/<library>`, as an application's bundler would. */
export async function bundlePages(pages: readonly string[], folder: string): Promise<void> {
  const clients = await generateClients(`${folder}/typewriter`)
  await Promise.all(
    Object.entries(aliases).map(([library, alias]) =>
      build({
        entryPoints: pages.map(script),
        outdir: `${folder}/${library}`,
        alias,
        plugins: [generatedClients(clients)],
        bundle: true,
        splitting: true,
        format: 'esm',
        platform: 'browser',
        target: 'es2022',
        minify: true,
        // Clients tell more, and talk to other hosts, when they are not in production.
        define: { 'process.env': '{}', 'process.env.NODE_ENV': '"production"' },
        logLevel: 'warning',
      }),
    ),
  )
}
