import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { aliases, type Library } from '../libraries'
import { generateClients, generatedClients } from './generate-clients'

const shop = fileURLToPath(new URL('./node-shop.ts', import.meta.url))

/** Bundles the server with its generated clients, on one library; answers the file. */
export async function bundleShop(library: Library, folder: string): Promise<string> {
  const outfile = `${folder}/${library}.cjs`
  await build({
    entryPoints: [shop],
    outfile,
    alias: aliases[library],
    plugins: [generatedClients(await generateClients(`${folder}/${library}`))],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  })
  // It is run as a program.
  await writeFile(outfile, `${await readFile(outfile, 'utf8')}\n;${start}`)
  return outfile
}

const start = `module.exports.run(process.env.TRACKING_API).then((seen) => console.log(JSON.stringify(seen)))`
