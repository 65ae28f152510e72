/** Weighs a snippet as it is written into pages. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../../lib/workspace.mjs'
import { weighOne } from './measure-bundle.mjs'

/** @typedef {{ writeKey: string, host: string }} SnippetOptions */

/**
 * @param {SnippetOptions} options
 * @returns {Promise<import('./measure-bundle.mjs').Measured>}
 */
export async function measureSnippet(options) {
  // Found only after the build.
  const { createSnippet } = await import(pathToFileURL(join(root, 'packages/browser/dist/snippet.js')).href)
  return { first: weighOne(new TextEncoder().encode(createSnippet(options))), later: [] }
}
