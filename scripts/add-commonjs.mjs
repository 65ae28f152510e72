/**
 * Writes a `.cjs` beside every `.js` of a folder, and a `.d.cts` beside every `.d.ts`: `node add-commonjs.mjs dist`.
 *
 * All entries of a package must share one copy of each module, in both formats, because classes and symbols are
 * compared by identity. esbuild shares chunks among ES modules only, so those are turned into CommonJS one by one.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { transform } from 'esbuild'

const [folder = 'dist'] = process.argv.slice(2)
const files = (await readdir(folder)).filter((file) => /(\.js|\.d\.ts)$/.test(file))

await Promise.all(
  files.map(async (file) => {
    const code = await readFile(`${folder}/${file}`, 'utf8')
    const text = withCommonJSNames(file.endsWith('.js') ? await toCommonJS(code) : code)
    await writeFile(`${folder}/${file.replace(/\.js$/, '.cjs').replace(/\.d\.ts$/, '.d.cts')}`, text)
  }),
)

/** @param {string} code */
async function toCommonJS(code) {
  const result = await transform(code, { format: 'cjs', platform: 'node', target: 'es2022' })
  return result.code
}

/** @param {string} code */
function withCommonJSNames(code) {
  return code.replace(/(["']\.\/[\w.-]+)\.js(["'])/g, '$1.cjs$2').replace(/^\/\/# sourceMappingURL=.*$/m, '')
}
