import { defineConfig } from 'vitest/config'

/** Apart from the other projects, so that `npx vitest run` needs no Chromium. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: 'compat-destinations',
    include: ['test/*.test.ts'],
    globalSetup: './src/global-setup.ts',
    // One browser for all; each test runs two pages at the same time.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
  },
})
