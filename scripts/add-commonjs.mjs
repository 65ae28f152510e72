/**
 * Writes a `.cjs` beside the `.js` of each entry of a folder and of what it imports, and a `.d.cts` beside their `.d.ts`:
 * `node add-commonjs.mjs dist index internal`.
 *
 * All entries of a package must share one copy of each module, in both formats, because classes and symbols are
 * compared by identity. esbuild shares chunks among ES modules only, so those are turned into CommonJS one by one.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { transform } from 'esbuild'

const [folder = 'dist', ...entries] = process.argv.slice(2)
// `npm start` builds no types.
const endings = process.env.SLUICE_BUILD === 'start' ? ['.js'] : ['.js', '.d.ts']
const files = new Set(entries.flatMap((entry) => endings.map((ending) => entry + ending)))

// A set hands out what is added to it meanwhile.
for (const file of files) {
  const code = await readFile(`${folder}/${file}`, 'utf8')
  for (const [, name] of code.matchAll(/["']\.\/([\w.-]+)\.js["']/g)) {
    files.add(file.endsWith('.d.ts') ? `${name}.d.ts` : `${name}.js`)
  }
  const text = withCommonJSNames(file.endsWith('.js') ? await toCommonJS(code) : code)
  await writeFile(`${folder}/${file.replace(/\.js$/, '.cjs').replace(/\.d\.ts$/, '.d.cts')}`, text)
}

/** @param {string} code */
async function toCommonJS(code) {
  const result = await transform(code, {
    format: 'cjs',
    platform: 'node',
    target: 'es2022',
    // Test runners run CommonJS where nothing can be imported: what is loaded later is required.
    supported: { 'dynamic-import': false },
  })
  return result.code
}

/** @param {string} code */
function withCommonJSNames(code) {
  return code.replace(/(["']\.\/[\w.-]+)\.js(["'])/g, '$1.cjs$2').replace(/^\/\/# sourceMappingURL=.*$/m, '')
}
