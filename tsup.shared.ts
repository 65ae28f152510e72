import type { Options } from 'tsup'

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
    dts: true,
    sourcemap: true,
    clean: true,
  }
}
