/** Pages that Chromium renders before anybody goes there. It does not while Playwright looks on: pages tell the server how they are. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createDevServer } from '@sluice/dev-server'
import { createTestClient } from '@sluice/dev-server/testing'
import { expect, inject, it, onTestFinished } from 'vitest'
import { chromiumFlags } from '../../../scripts/lib/chromium.mjs'
import { configFor } from './support/config'

/** What a page has kept while it was rendered ahead. */
interface Report {
  readonly isPrerendering: boolean
  readonly cookies: string
  readonly keys: string[]
}

/** Goes on to the other page when that has told how it is, or does not in a long while. */
const start = `<!doctype html>
<title>Start</title>
<script type="speculationrules">
{ "prerender": [{ "source": "list", "urls": ["/next?track=Seen"], "eagerness": "immediate" }] }
</script>
<a href="/next?track=Seen">Go on</a>
<script type="module">
const isReported = async () => (await (await fetch('/reported')).text()) === 'yes'
for (let waited = 0; waited < 20_000 && !(await isReported()); waited += 100)
  await new Promise((resolve) => setTimeout(resolve, 100))
document.querySelector('a').click()
</script>`

const next = (config: object) => `<!doctype html>
<title>Next</title>
<script type="application/json" id="config">${JSON.stringify(config)}</script>
<script type="module" src="/scripts/shop.js"></script>
<script type="module">
const isPrerendering = document.prerendering
// What would be sent or kept takes its time.
await new Promise((resolve) => setTimeout(resolve, 1_000))
const body = JSON.stringify({ isPrerendering, cookies: document.cookie, keys: Object.keys(localStorage) })
await fetch('/report', { method: 'POST', body })
</script>`

it('keeps and sends nothing until the visitor goes there, and then what the page has told', async () => {
  const api = await createDevServer({ port: 0, memory: true })
  onTestFinished(() => api.close())
  let arrivals = 0
  api.onArrival(() => {
    arrivals += 1
  })
  const reports: (Report & { arrivals: number })[] = []
  const site = createServer(async (request: IncomingMessage, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://site')
    if (pathname === '/report') {
      reports.push({ ...JSON.parse(await text(request)), arrivals })
      response.end()
    } else if (pathname === '/reported') {
      response.end(reports.length > 0 ? 'yes' : 'no')
    } else if (pathname.startsWith('/scripts/')) {
      response.setHeader('content-type', 'text/javascript')
      response.end(await readFile(join(inject('scripts'), pathname.slice('/scripts/'.length))))
    } else {
      response.setHeader('content-type', 'text/html')
      response.end(pathname === '/next' ? next(configFor(api.url, {})) : start)
    }
  })
  site.listen(0, '127.0.0.1')
  await once(site, 'listening')
  onTestFinished(() => {
    site.close()
    site.closeAllConnections()
  })
  await openBrowser(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)

  const events = () => createTestClient(api.url).events({ type: 'track' })
  await expect.poll(events, { timeout: 50_000 }).toMatchObject([{ event: 'Seen' }])
  expect(reports).toEqual([{ isPrerendering: true, cookies: '', keys: [], arrivals: 0 }])
})

async function openBrowser(url: string): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'sluice-profile-'))
  const child: ChildProcess = spawn(
    inject('chromium'),
    [...chromiumFlags, `--user-data-dir=${profile}`, '--remote-debugging-pipe', url],
    // The pipe stays unused: the browser exits when it closes, however this process ends.
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  )
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    child.kill()
    await exited
    await rm(profile, { recursive: true, force: true, maxRetries: 3 })
  })
}
