import { defineConfig } from 'tsup'
import { library } from '../../tsup.shared'

// The types alone: `scripts/build-modules.mjs` writes the code, one file for each module.
export default defineConfig({ ...library(['src/index.ts', 'src/snippet.ts']), dts: { only: true } })
