import { defineConfig } from 'vitest/config'
import { alias } from '../../../vitest.workspace.ts'

/** In the browser that `ENGINE_UNDER_TEST` names. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias },
  test: {
    name: 'engines',
    include: ['*.test.ts'],
    globalSetup: './global-setup.ts',
    fileParallelism: false,
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
  },
})
