import { defineConfig } from 'vitest/config'
import { alias } from '../../../vitest.workspace.ts'

/** Apart from the other projects, so that `npx vitest run` needs no Chromium. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias },
  test: {
    name: 'chromium',
    include: ['*.test.ts'],
    globalSetup: './support/global-setup.ts',
    // One browser at a time: what is measured here are races, and they should be those of the library.
    fileParallelism: false,
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
  },
})
