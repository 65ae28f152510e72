/** Runs and compiles small programs in a project, as its owner would. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../lib/run.mjs'
import { root } from '../../lib/workspace.mjs'

/**
 * @typedef {object} Use
 * @property {string} name
 * @property {string} file Its ending decides between ES modules and CommonJS.
 * @property {string} code
 * @property {Record<string, unknown>} [compilerOptions] Compile it with these instead of running it.
 */

/**
 * @param {string} project
 * @param {Use[]} uses
 * @param {import('../../lib/report.mjs').Report} report
 */
export async function useInProject(project, uses, report) {
  for (const { name, file, code, compilerOptions } of uses) {
    await report.check(name, async () => {
      writeFileSync(join(project, file), code)
      if (compilerOptions) await compile(project, file, compilerOptions)
      else await run(process.execPath, [file], { cwd: project })
    })
  }
}

/**
 * @param {string} project
 * @param {string} file
 * @param {Record<string, unknown>} options
 */
async function compile(project, file, options) {
  const config = {
    compilerOptions: {
      target: 'ES2022',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      // Our declarations have to be right by themselves, whatever their user checks.
      skipLibCheck: false,
      types: [],
      typeRoots: [join(root, 'node_modules/@types')],
      ...options,
    },
    files: [file],
  }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config))
  await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project])
}
