import { defineConfig } from 'tsup'
import { library } from '../../tsup.shared'

// The types alone: `scripts/build-browser.mjs` writes the code.
export default defineConfig({ ...library(['src/index.ts', 'src/snippet.ts']), dts: { only: true } })
