/** Destinations of the first generation, whose scripts the CDN has. */
import type { Page } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { type CDNOptions, startCDN } from './support/start-cdn'
import { type SceneOptions, startScene, track } from './support/start-scene'

const dependency = '/next-integrations/vendor/queue.0123.js.gz'

/** Leaves what destinations share: something that calls back later. */
const dependencyScript = 'window.later = (run) => setTimeout(run, 20)'

const pathOf = (slug: string) => `/next-integrations/integrations/${slug}/latest/${slug}.dynamic.js.gz`

interface ScriptOptions {
  /** When it is ready. */
  initialize?: string
  /** With an event, besides writing it down. */
  invoke?: string
  /** When it runs. */
  first?: string
}

/** The script of a destination that writes down what it gets, as the CDN has it: it leaves three globals. */
const scriptOf = (
  slug: string,
  { initialize = "later(() => this.emit('ready'))", invoke = '', first = '' }: ScriptOptions = {},
) => `
  ${first}
  window['${slug}Deps'] = ['/vendor/queue.0123.js']
  window['${slug}Loader'] = () => {
    const got = ((window.got ??= {})['${slug}'] ??= [])
    window['${slug}Integration'] = class {
      listeners = {}
      on(name, run) { (this.listeners[name] ??= []).push(run) }
      once(name, run) { this.on(name, run) }
      emit(name) { for (const run of this.listeners[name] ?? []) run() }
      initialize() {
        got.push('initialize for ' + this.analytics.user().anonymousId())
        this.emit('initialize')
        ${initialize}
      }
      invoke(method, facade) {
        got.push(method + ' ' + (facade.event?.() ?? facade.name?.()))
        ${invoke}
      }
    }
  }`

const ofBrowser = { type: 'browser', bundlingStatus: 'bundled' }

async function startShop(
  cdnOptions: Omit<CDNOptions, 'apiURL'>,
  given: Omit<SceneOptions, 'site'> & {
    headers?: (cdnURL: string, apiURL: string) => Record<string, string>
    scriptAttributes?: string
  } = {},
) {
  const headers: Record<string, string> = {}
  const { scriptAttributes } = given
  const scene = await startScene({ ...given, site: () => ({ headers, scriptAttributes }) })
  const cdn = await startCDN({
    ...cdnOptions,
    apiURL: scene.apiURL,
    scripts: { [dependency]: dependencyScript, ...cdnOptions.scripts },
  })
  onTestFinished(() => cdn.close())
  Object.assign(headers, given.headers?.(cdn.url, scene.apiURL))
  scene.config.settings.cdnURL = cdn.url
  return { ...scene, cdn }
}

/** What a destination has got, after it was initialized. */
const got = (page: Page, slug: string): Promise<string[]> =>
  page.evaluate((slug) => {
    const all: Record<string, string[]> = Reflect.get(window, 'got') ?? {}
    return (all[slug] ?? []).slice(1)
  }, slug)

const failed = (page: Page) =>
  page.evaluate(() => window.shop.analytics?.instance?.queue.failedInitializations)

it('get the events of the page, from the first one on', async () => {
  const { cdn, site, browser, api } = await startShop({
    integrations: { 'Google Analytics': ofBrowser },
    scripts: { [pathOf('google-analytics')]: scriptOf('google-analytics') },
  })
  const page = await browser.context.newPage()
  await page.goto(`${site.url}/?track=First&track=Second`)
  await api.waitFor({ event: 'Second' })

  await expect.poll(() => got(page, 'google-analytics')).toEqual(['track First', 'track Second'])
  await track(page, ['Third'])
  await expect.poll(() => got(page, 'google-analytics')).toContain('track Third')
  expect(cdn.asked).toEqual([pathOf('google-analytics'), dependency])
  const [arrived] = await api.waitFor({ event: 'Third' })
  expect(arrived?.payload._metadata).toMatchObject({ bundled: ['Google Analytics', 'Segment.io'] })
})

it('that hang, throw or are blocked delay neither the Tracking API nor each other', async () => {
  const busy = 'const end = performance.now() + 300; while (performance.now() < end);'
  const scripts: Record<string, string> = {
    [pathOf('good')]: scriptOf('good'),
    [pathOf('throwing')]: scriptOf('throwing', { invoke: "throw new Error('mine')" }),
    [pathOf('rejecting')]: scriptOf('rejecting', { invoke: "return Promise.reject(new Error('mine'))" }),
    [pathOf('unready')]: scriptOf('unready', { initialize: '' }),
    [pathOf('failing')]: scriptOf('failing', { initialize: "throw new Error('mine')" }),
    [pathOf('broken')]: scriptOf('broken', { first: "throw new Error('mine')" }),
    [pathOf('busy')]: scriptOf('busy', { first: busy }),
  }
  const names = ['Good', 'Throwing', 'Rejecting', 'Unready', 'Failing', 'Broken', 'Busy', 'Silent', 'Missing']
  const { api, visit, expectEachOnce } = await startShop(
    {
      integrations: Object.fromEntries(names.map((name) => [name, ofBrowser])),
      scripts,
      silent: [pathOf('silent')],
    },
    { options: { pluginTimeout: 6_000 } },
  )
  const page = await visit('/')
  await track(page, ['A', 'B'])
  // While some of them are still waited for.
  await api.waitFor({ event: 'B' })
  expect(await failed(page)).not.toContain('Silent')
  for (const slug of ['good', 'throwing', 'rejecting', 'busy']) {
    await expect.poll(() => got(page, slug)).toEqual(['track A', 'track B'])
  }

  // It ends, whatever becomes of them.
  await page.evaluate(() => window.shop.analytics?.ready())
  const expected = ['Broken', 'Failing', 'Missing', 'Silent', 'Unready']
  expect([...((await failed(page)) ?? [])].sort()).toEqual(expected)
  await expectEachOnce(page, ['A', 'B'])
  const [last] = await api.waitFor({ event: 'Last Event' })
  expect(last?.payload._metadata).toMatchObject({
    failedInitializations: expect.arrayContaining(expected),
  })
  await expect.poll(() => got(page, 'good')).toEqual(['track A', 'track B', 'track Last Event'])
})

it('get on the next page what they could not take on this one', async () => {
  const { cdn, visit, goOn, api } = await startShop({
    integrations: { Slow: ofBrowser },
    scripts: { [pathOf('slow')]: scriptOf('slow') },
  })
  const release = cdn.hold()
  const page = await visit('/')
  await track(page, ['A', 'B'])
  await api.waitFor({ event: 'B' })
  await goOn(page, '/next')
  await track(page, ['C'])
  await api.waitFor({ event: 'C' })
  expect(await got(page, 'slow')).toEqual([])
  release()

  await expect.poll(() => got(page, 'slow')).toEqual(['track A', 'track B', 'track C'])
})

it('leave the page when they are deregistered, also under a hidden name', async () => {
  const hidden = '/next-integrations/integrations/ZmFrZQ/latest/ZmFrZQ.dynamic.js.gz'
  const { visit, cdn } = await startShop(
    { integrations: { Fake: ofBrowser }, scripts: { [hidden]: scriptOf('fake') } },
    { options: { obfuscate: true } },
  )
  const page = await visit('/')
  await page.evaluate(() => window.shop.analytics?.ready())
  const scripts = () =>
    page.evaluate((url) => [...document.scripts].filter(({ src }) => src.startsWith(url)).length, cdn.url)
  expect(await scripts()).toBe(2)
  await page.evaluate(() => window.shop.analytics?.deregister('Fake'))
  await track(page, ['A'])

  expect(await scripts()).toBe(0)
  expect(await got(page, 'fake')).toEqual([])
})

it('run where scripts need a nonce and a policy of Trusted Types', async () => {
  const { site, visit } = await startShop(
    { integrations: { Fake: ofBrowser }, scripts: { [pathOf('fake')]: scriptOf('fake') } },
    {
      scriptAttributes: 'nonce="abc"',
      headers: (cdnURL, apiURL) => ({
        'content-security-policy': [
          "default-src 'none'; script-src 'nonce-abc'; require-trusted-types-for 'script'; trusted-types sluice",
          `connect-src ${cdnURL} ${apiURL}; report-uri /reports`,
        ].join('; '),
      }),
    },
  )
  const page = await visit('/')
  await track(page, ['A'])

  await expect.poll(() => got(page, 'fake')).toEqual(['track A'])
  expect(site.reports).toEqual([])
})
