/** Pages that are files on the visitor's device, as in applications built with Electron. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, inject, it, onTestFinished } from 'vitest'
import { startScene } from './support/start-scene'
import { untilReplaced } from './support/start-snippet-scene'

it('a page from a file gets the whole library from files beside it', async () => {
  const scene = await startScene()
  const folder = await mkdtemp(join(tmpdir(), 'sluice-page-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await cp(join(inject('scripts'), 'standalone'), folder, { recursive: true })
  await writeFile(
    join(folder, 'index.html'),
    `<!doctype html><title>File</title><a href="#clicked">Read</a>
      <script>(window.analytics ||= []).push(['track', 'Opened'])</script>
      <script src="sluice.min.js" data-write-key="dev" data-cdn="${scene.apiURL}" data-api-host="${scene.apiURL}/v1"></script>
      <script>analytics.push(['trackLink', document.querySelector('a'), 'Clicked'])</script>`,
  )
  const page = await scene.browser.context.newPage()
  const told: string[] = []
  page.on('console', (message) => told.push(message.text()))
  await page.goto(pathToFileURL(join(folder, 'index.html')).href)

  await untilReplaced(page)
  await page.click('a')

  await scene.api.waitFor({ event: 'Opened' })
  await scene.api.waitFor({ event: 'Clicked' })
  expect(told).toEqual([])
})
