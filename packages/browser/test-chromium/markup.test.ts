/**
 * Pages with markup of somebody else, as sanitizers let it pass: elements with names that hide what documents, forms and
 * windows have, and scripts that never run. It must decide nothing, least of all where code and settings come from.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createSnippet } from '../src/snippet'
import { startScene, untilLoaded } from './support/start-scene'
import {
  classicDestination,
  remoteDestination,
  startSnippetScene,
  untilReplaced,
} from './support/start-snippet-scene'

const evil = 'https://cdn.evil.test/analytics.js/v1/evil'

/** What would lead the library astray if it believed an element. */
const bait = `src="${evil}/sluice.min.js" data-cdn="https://cdn.evil.test" data-api-host="cdn.evil.test/v1"
  data-write-key="evil" data-global-segment-analytics-key="evil"`

/** Each word of our sources may be the name of something that is read. */
async function wordsOfSources(): Promise<string[]> {
  const folder = fileURLToPath(new URL('../src', import.meta.url))
  const files = await readdir(folder, { recursive: true })
  const texts = await Promise.all(
    files.filter((file) => file.endsWith('.ts')).map((file) => readFile(join(folder, file), 'utf8')),
  )
  return [...new Set(texts.join('\n').match(/[A-Za-z_$]\w+/g))]
}

/** Those that documents have, those of globals that a page may or may not have, and those that scripts leave there. */
const namesOfPage = (words: string[]) => [
  ...words.filter((word) => word in document),
  ...[
    'analytics',
    'shopAnalytics',
    'jQuery',
    'cookieStore',
    'trustedTypes',
    'fetchLater',
    'WorkerGlobalScope',
  ],
  ...['vendorDestination', 'classicDeps', 'classicLoader', 'classicIntegration'],
]

/** Elements whose names browsers make members of the document and of the window. */
const elements: Record<string, (name: string) => string> = {
  img: (name) => `<img name="${name}" ${bait}>`,
  form: (name) => `<form name="${name}" ${bait}><input name="src" value="${evil}/x.js"></form>`,
  embed: (name) => `<embed name="${name}" data-cdn="https://cdn.evil.test">`,
  object: (name) => `<object name="${name}" id="${name}" data-cdn="https://cdn.evil.test"></object>`,
  iframe: (name) => `<iframe name="${name}" data-cdn="https://cdn.evil.test"></iframe>`,
  // Of another origin, so that whoever touches it throws.
  frame: (name) => `<iframe name="${name}" sandbox srcdoc="<p>"></iframe>`,
}

/** Scripts that never run: they are none, the policy blocks them, or nobody knows what they are. */
const deadScripts = (address: string) => `
  <script type="text/plain" ${bait}></script>
  <script type="speculationrules" ${bait}></script>
  <script nomodule ${bait}></script>
  <svg><script type="x" href="${evil}/sluice.min.js" data-cdn="https://cdn.evil.test"></script></svg>
  <template><script ${bait}></script></template>
  <script ${bait}></script>
  <script type="module" ${bait}></script>
  <script type="module" ${bait.replace(`${evil}/sluice.min.js`, address)}></script>
  <script ${bait.replace(`${evil}/sluice.min.js`, address)}></script>`

const opening = `<!doctype html><meta charset="utf-8"><title>Mine</title>`

interface URLs {
  cdnURL: string
  apiURL: string
}

/** How the library comes onto a page. */
const ways: Record<string, (urls: URLs, markup: string) => string> = {
  'a snippet': ({ cdnURL }, markup) => `${opening}
    <script nonce="abc">${createSnippet({ writeKey: 'dev', host: cdnURL, page: false })}</script>
    ${markup}<script nonce="abc">analytics.track('Mine')</script>`,
  'a classic script': ({ cdnURL, apiURL }, markup) => `${opening}${markup}
    <script nonce="abc" async src="${cdnURL}/sluice.min.js" data-write-key="dev" data-cdn="${cdnURL}"
      data-api-host="${apiURL}/v1"></script>
    <script nonce="abc">onload = () => analytics.push(['track', 'Mine'])</script>`,
  'a module': ({ cdnURL, apiURL }, markup) => `${opening}${markup}
    <script nonce="abc" type="module" src="${cdnURL}/sluice.min.js" data-write-key="dev" data-cdn="${cdnURL}"
      data-api-host="${apiURL}/v1"></script>
    <script nonce="abc">onload = () => analytics.push(['track', 'Mine'])</script>`,
}

async function open(way: string, markup: (address: string) => string, policy?: string) {
  const scene = await startSnippetScene({
    settings: { remotePlugins: [remoteDestination], integrations: classicDestination },
    headers: () => (policy ? { 'content-security-policy': policy } : {}),
    html: (urls) => ways[way]?.(urls, markup(`${urls.cdnURL}/sluice.min.js`)) ?? expect.fail(way),
  })
  const page = await scene.open()
  await untilReplaced(page)
  return { scene, page }
}

type Opened = Awaited<ReturnType<typeof open>>

async function expectOurs({ scene, page }: Opened): Promise<void> {
  const event = (await scene.arrived(1)).find((one) => one.event === 'Mine')
  expect([event?.writeKey, event?.payload.context]).toMatchObject(['dev', { page: { title: 'Mine' } }])
  await expect.poll(() => page.evaluate('window.vendorGot')).toContain('Mine')
  await expect.poll(() => page.evaluate('window.classicGot')).toContainEqual(['Mine', undefined])
  // Pictures ask for the address that is theirs. Nobody else has asked there, for chunks or for settings.
  const ofEvil = scene.asked.filter((path) => path.startsWith('cdn.evil.test'))
  expect(ofEvil.filter((path) => !path.endsWith('/sluice.min.js'))).toEqual([])
  expect(scene.asked.filter((path) => path.includes('/sluice-')).length).toBeGreaterThan(0)
}

let known: string[] | undefined

async function namesThatAreRead(): Promise<string[]> {
  if (known) return known
  const scene = await startSnippetScene({ html: () => opening })
  known = await (await scene.open()).evaluate(namesOfPage, await wordsOfSources())
  return known
}

describe.each(Object.keys(ways))('brought by %s', (way) => {
  it.each(Object.keys(elements))(
    'the library reads nothing of <%s> elements with names of the page',
    async (tag) => {
      const all = await namesThatAreRead()
      const opened = await open(way, () => all.map((name) => elements[tag]?.(name)).join('\n'))

      await expectOurs(opened)
    },
  )

  it.each([
    ['a nonce', "script-src 'nonce-abc'; object-src 'none'"],
    ["a nonce and 'strict-dynamic'", "script-src 'nonce-abc' 'strict-dynamic'; object-src 'none'"],
  ])('the library believes no script that has not run, under %s', async (_, policy) => {
    const opened = await open(way, deadScripts, policy)

    await expectOurs(opened)
  })
})

describe('brought by a bundler', () => {
  it.each(Object.keys(elements))(
    'the library reads nothing of <%s> elements with names of the page',
    async (tag) => {
      const all = await namesThatAreRead()
      const scene = await startScene({
        site: () => ({ head: all.map((name) => elements[tag]?.(name)).join('\n') }),
      })

      const page = await scene.open('/one?track=Mine')
      await untilLoaded(page)

      await scene.api.waitFor({ event: 'Mine' })
      const [event] = await scene.api.events({ event: 'Mine' })
      expect(event?.payload.context).toMatchObject({ page: { title: '/one' } })
    },
  )
})
