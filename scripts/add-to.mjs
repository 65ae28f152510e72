/**
 * Brings packages of this repository into an application, as npm would from its registry:
 *
 *     npm run add-to -- ../my-app @sluice/node
 *
 * They are built, packed together with those of ours that they need, and installed there with npm. Run it again to
 * bring what has changed.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildPackages } from './lib/build.mjs'
import { checkNode } from './lib/check-node.mjs'
import { install } from './lib/install.mjs'
import { packPackages } from './lib/pack.mjs'
import { CommandFailed, endChildrenWithUs, run } from './lib/run.mjs'
import { neededBy, readPublished } from './lib/workspace.mjs'

const usage = 'npm run add-to -- <folder of the application> <package…>'

checkNode()
endChildrenWithUs()
try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'save-dev': { type: 'boolean', short: 'D', default: false } },
  })
  const [folder, ...names] = positionals
  await addTo(checkFolder(folder), names, values['save-dev'])
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : cause)
  if (cause instanceof CommandFailed) console.error(cause.output)
  process.exitCode = 1
}

/**
 * @param {string} app
 * @param {string[]} names
 * @param {boolean} saveDev
 */
async function addTo(app, names, saveDev) {
  const wanted = readPublished().filter(({ name }) => names.includes(name))
  const unknown = names.filter((name) => !wanted.some((one) => one.name === name))
  if (unknown.length > 0 || wanted.length === 0) {
    const known = readPublished().map(({ name }) => name)
    throw new Error(`${usage}\n${unknown.join(', ') || 'No package'} is none of ${known.join(', ')}.`)
  }
  const packages = neededBy(wanted.map(({ path }) => path))
  await install((text) => console.log(text))
  await buildPackages(
    ({ name, status }) => {
      if (status === 'begun') console.log(`Building ${name} …`)
    },
    { packages, forStart: false },
  )
  // In the application itself: its lock file names these files from now on, and `npm ci` needs them.
  const target = join(app, '.sluice-packages')
  mkdirSync(target, { recursive: true })
  const tarballs = await packPackages(packages, target)
  console.log(`Installing ${[...tarballs.keys()].join(', ')} in ${app} …`)
  await run('npm', ['install', '--no-audit', '--no-fund', ...(saveDev ? ['-D'] : []), ...tarballs.values()], {
    cwd: app,
  })
  console.log('Done.')
}

/** @param {string | undefined} folder */
function checkFolder(folder) {
  if (folder === undefined) throw new Error(usage)
  const app = resolve(process.env.INIT_CWD ?? '.', folder)
  if (!existsSync(join(app, 'package.json'))) throw new Error(`${usage}\nThere is no package.json in ${app}.`)
  const other = ['pnpm-lock.yaml', 'yarn.lock', 'bun.lock'].find((file) => existsSync(join(app, file)))
  if (other !== undefined) throw new Error(`${app} has a ${other}: this works with npm alone.`)
  return app
}
