import { fileURLToPath } from 'node:url'
import type { TestProjectConfiguration } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Tests run on the sources, so that a change is seen at once and a stack trace names the line that was written. */
export const alias = [
  { find: /^@sluice\/core\/internal$/, replacement: source('./packages/core/src/internal.ts') },
  { find: /^@sluice\/core$/, replacement: source('./packages/core/src/index.ts') },
  { find: /^@sluice\/node$/, replacement: source('./packages/node/src/index.ts') },
  { find: /^@sluice\/dev-server$/, replacement: source('./packages/dev-server/src/index.ts') },
  { find: /^@sluice\/dev-server\/testing$/, replacement: source('./packages/dev-server/src/testing.ts') },
  { find: /^@sluice\/testing$/, replacement: source('./packages/testing/src/index.ts') },
]

const project = (name: string, root: string, extra: object = {}): TestProjectConfiguration => ({
  root: source(root),
  resolve: { alias },
  test: {
    name,
    include: ['{src,test}/**/*.test.ts'],
    // How long a machine may take that has other things to do. What a test expects of time is said in the test.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    ...extra,
  },
})

export default [
  project('core', './packages/core'),
  project('node', './packages/node'),
  project('browser', './packages/browser', { environment: 'happy-dom' }),
  project('testing', './packages/testing'),
  project('dev-server', './packages/dev-server'),
  project('compat', './compat', { include: ['test/*.test.ts'], testTimeout: 120_000 }),
  project('compat-browser', './compat', {
    include: ['test/browser/**/*.test.ts'],
    environment: 'happy-dom',
    // Clicks on links would load other pages.
    environmentOptions: { happyDOM: { settings: { navigation: { disableMainFrameNavigation: true } } } },
  }),
  project('compat-clients', './compat/clients', { include: ['test/*.test.ts'] }),
]
