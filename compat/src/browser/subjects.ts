import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import type { Subject } from '../subjects'
import type { BrowserLibrary } from './library'

export interface BrowserSubject extends Subject<BrowserLibrary> {
  /** What events say in `context.library`: theirs and ours differ by design. */
  library: { name: string; version: string }
  /** The library as one CommonJS module. */
  text(): Promise<string>
}

const compat = dirname(createRequire(import.meta.url).resolve('../../package.json'))
const packages = join(compat, '../packages')

/** Segment's library from npm, in the form that its package is used in by Node. */
export const browserSegment: BrowserSubject = bundled({
  name: 'segment',
  library: { name: 'analytics.js', version: 'npm:next-1.84.1' },
  entry: '@segment/analytics-next',
  options: { mainFields: ['main'] },
})

/** Ours, from its sources. */
export const browserSluice: BrowserSubject = bundled({
  name: 'sluice',
  library: { name: '@sluice/browser', version: '0.0.0' },
  entry: join(packages, 'browser/src/index.ts'),
  options: {
    alias: {
      '@sluice/core': join(packages, 'core/src/index.ts'),
      '@sluice/core/internal': join(packages, 'core/src/internal.ts'),
    },
  },
})

/**
 * A library that is put together as applications do it, and loaded anew for each page: the peer keeps things in its
 * modules, such as the CDN, the last client and the cookies' domain. What is imported on first use is in the same text,
 * so that a script's clock need not wait for the file system.
 */
function bundled({
  name,
  library,
  entry,
  options,
}: Pick<BrowserSubject, 'name' | 'library'> & { entry: string; options: BuildOptions }): BrowserSubject {
  let built: Promise<string> | undefined
  const text = () => {
    built ??= bundle(entry, options)
    return built
  }
  return {
    name,
    library,
    text,
    async load() {
      const module = { exports: {} }
      new Function('module', 'exports', await text())(module, module.exports)
      return module.exports as BrowserLibrary
    },
  }
}

async function bundle(entry: string, options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    ...options,
    stdin: { contents: `module.exports = require(${JSON.stringify(entry)})`, resolveDir: compat },
    bundle: true,
    write: false,
    platform: 'browser',
    target: 'es2022',
    format: 'cjs',
    logLevel: 'silent',
  })
  return outputFiles?.[0]?.text ?? ''
}
