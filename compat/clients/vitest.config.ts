import { defineConfig } from 'vitest/config'
import { alias } from '../../vitest.workspace.ts'

/** The clients that run in pages. Apart from the other projects, so that `npx vitest run` needs no Chromium. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias },
  test: {
    name: 'compat-clients-chromium',
    include: ['chromium/*.test.ts'],
    globalSetup: './src/global-setup.ts',
    // One browser for all; each test runs two pages at the same time.
    fileParallelism: false,
    isolate: false,
    maxConcurrency: 3,
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
})
