/**
 * Bundles a program for the edge as Next.js does and collects what Next.js would warn of: names that its edge runtime
 * does not have, wherever they stand, and `process` but for its environment.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import webpack from 'webpack'

const missingNames = [
  'setImmediate',
  'clearImmediate',
  'BroadcastChannel',
  'ByteLengthQueuingStrategy',
  'CompressionStream',
  'CountQueuingStrategy',
  'DecompressionStream',
  'DomException',
  'MessageChannel',
  'MessageEvent',
  'MessagePort',
  'ReadableByteStreamController',
  'ReadableStreamBYOBRequest',
  'ReadableStreamDefaultController',
  'TransformStreamDefaultController',
  'WritableStreamDefaultController',
  'Buffer',
  'eval',
  'Function',
]

/** @typedef {{ for(name: string): { tap(plugin: string, found: (node: unknown, members?: string[]) => void): void } }} ByName */

/**
 * @param {string} project
 * @throws with all that was found.
 */
export async function checkEdgeApis(project) {
  const entry = join(project, 'edge-entry.js')
  writeFileSync(entry, "import { Analytics } from '@sluice/node'\nconsole.log(Analytics)\n")
  /** @type {Set<string>} */
  const found = new Set()
  const plugin = {
    /** @param {import('webpack').Compiler} compiler */
    apply(compiler) {
      compiler.hooks.normalModuleFactory.tap('edge-apis', (factory) => {
        for (const type of ['javascript/auto', 'javascript/esm']) {
          factory.hooks.parser.for(type).tap('edge-apis', (parser) => collect(parser, found))
        }
      })
    },
  }
  await new Promise((resolve, reject) => {
    const config = {
      mode: /** @type {const} */ ('production'),
      target: 'webworker',
      entry,
      output: { path: join(project, 'bundled-edge') },
      resolve: { conditionNames: ['edge-light', 'worker', 'import', 'require'] },
      plugins: [plugin],
    }
    webpack(config, (cause, stats) => {
      if (cause) reject(cause)
      else if (stats?.hasErrors()) reject(new Error(stats.toString('errors-only')))
      else resolve(undefined)
    })
  })
  if (found.size > 0) throw new Error(`Next.js would warn of ${[...found].join(', ')}`)
}

/**
 * @param {object} parser That of webpack for scripts.
 * @param {Set<string>} found
 */
function collect(parser, found) {
  const { hooks } = /** @type {{ hooks: Record<string, ByName> }} */ (parser)
  const { call, expression, callMemberChain, expressionMemberChain } = hooks
  for (const name of missingNames) {
    for (const hook of [call, expression, callMemberChain, expressionMemberChain]) {
      hook?.for(name).tap('edge-apis', () => void found.add(name))
    }
  }
  for (const hook of [callMemberChain, expressionMemberChain]) {
    hook?.for('process').tap('edge-apis', (_, [member = ''] = []) => {
      if (member !== 'env') found.add(`process.${member}`)
    })
  }
}
