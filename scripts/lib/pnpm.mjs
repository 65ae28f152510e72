/** Runs the pnpm that package.json names, so that a clone needs nothing but Node and npm. */
import { run } from './run.mjs'
import { readManifest, root } from './workspace.mjs'

/**
 * @param {string[]} args
 * @param {import('./run.mjs').RunOptions} [options]
 */
export const pnpm = (args, options) =>
  run('npx', ['--yes', String(readManifest(root).packageManager), ...args], options)
