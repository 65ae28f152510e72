import { fileURLToPath } from 'node:url'

/** Whose library a client runs on. */
export type Library = 'segment' | 'sluice'

export const libraries: readonly Library[] = ['segment', 'sluice']

const root = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** What a bundler is told, so that the same import is answered by one library or by the other. */
export const aliases: Record<Library, Record<string, string>> = {
  segment: {},
  sluice: {
    '@segment/analytics-next': root('packages/browser/src/index.ts'),
    '@segment/analytics-node': root('packages/node/src/index.ts'),
    '@sluice/core/internal': root('packages/core/src/internal.ts'),
    '@sluice/core': root('packages/core/src/index.ts'),
  },
}
