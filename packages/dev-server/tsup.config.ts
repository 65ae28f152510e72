import { defineConfig } from 'tsup'
import { withTypes } from '../../tsup.shared'

/** What `scripts/bundle-packages.mjs` puts beside our code, so that nobody has to install it, nor load an ES module with `require`. */
const bundled = /^(?:fastify|@fastify\/cors|jose)$/

export default defineConfig({
  entry: ['src/index.ts', 'src/testing.ts', 'src/cli.ts'],
  format: ['esm'],
  target: 'es2022',
  platform: 'node',
  dts: withTypes,
  sourcemap: true,
  clean: true,
  esbuildPlugins: [
    {
      name: 'bundled packages',
      setup: ({ onResolve }) =>
        onResolve({ filter: bundled }, ({ path }) => ({
          path: `./vendor/${path.replace(/^@/, '').replaceAll('/', '-')}.cjs`,
          external: true,
        })),
    },
  ],
})
