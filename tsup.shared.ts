import type { Options } from 'tsup'

/** `npm start` runs what is built and compiles nothing against it, so that it can do without declarations. */
export const withTypes = process.env.SLUICE_BUILD !== 'start'

/**
 * How every library here is built: ES modules that share their chunks. `scripts/add-commonjs.mjs` writes the same
 * modules once more for `require`.
 */
export function library(entry: string[]): Options {
  return {
    entry,
    format: ['esm'],
    target: 'es2022',
    splitting: true,
    // `node:fs` must not become `fs`: only Node takes both.
    removeNodeProtocol: false,
    dts: withTypes,
    sourcemap: true,
    clean: true,
  }
}
