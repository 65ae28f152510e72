/** What clients take from Segment's types is there in ours. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { exportsOf, importsOf } from '../src/imports'
import { compileShops } from '../src/typewriter/compile'

it.each([
  ['@prezly/analytics-nextjs', 'browser', ['AnalyticsBrowser', 'Context', 'Plugin', 'SegmentEvent']],
  ['@scaleway/use-segment', 'browser', ['Analytics', 'AnalyticsBrowserSettings', 'InitOptions']],
  ['@redhat-developer/vscode-redhat-telemetry', 'node', ['default']],
  ['typewriter', 'node', ['Analytics']],
] as const)('%s finds every name that it imports in @sluice/%s', (client, ours, some) => {
  const imported = importsOf(client)

  expect(imported).toEqual(expect.arrayContaining([...some]))
  expect(imported.filter((name) => !exportsOf(ours).includes(name))).toEqual([])
})

it('generated clients compile with everything checked, and refuse what they should', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-types-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))

  expect(await compileShops(folder)).toEqual([])
  // The compiler reads all of the platforms' types, too.
}, 120_000)
