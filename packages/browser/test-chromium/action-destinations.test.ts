/** Destinations whose scripts the source's settings name. */
import { createHash } from 'node:crypto'
import type { RemotePlugin } from '@sluice/browser'
import type { Page } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { startCDN } from './support/start-cdn'
import { type SceneOptions, startScene, track, untilLoaded } from './support/start-scene'

/** Writes down what it gets, as a vendor's script might send it, and marks events before they are sent. */
const vendorScript = `
  window.vendorDestination = (settings) => {
    const got = (window.got ??= [])
    const action = (name, type, track) => ({
      name, type, version: '1.0.0', isLoaded: () => true, load: () => Promise.resolve(), track,
    })
    const actions = [
      action('Vendor Send', 'destination', (ctx) => { got.push(ctx.event.event); return ctx }),
    ]
    if (settings.session) actions.push(
      action('Vendor Session', 'enrichment', (ctx) => {
        ctx.updateEvent('integrations.Vendor.session_id', settings.session)
        return ctx
      }),
    )
    return actions
  }`

const vendor: RemotePlugin = {
  name: 'Vendor (Actions)',
  creationName: 'Vendor',
  url: 'https://cdn.segment.com/next-integrations/actions/vendor/1.js',
  libraryName: 'vendorDestination',
  settings: {},
}
const path = '/next-integrations/actions/vendor/1.js'

async function startShop(
  entry: Partial<RemotePlugin> = {},
  given: Omit<SceneOptions, 'site'> & {
    headers?: (cdnURL: string, apiURL: string) => Record<string, string>
    scriptAttributes?: string
  } = {},
) {
  const headers: Record<string, string> = {}
  const { scriptAttributes } = given
  const scene = await startScene({ ...given, site: () => ({ headers, scriptAttributes }) })
  const cdn = await startCDN({
    apiURL: scene.apiURL,
    remotePlugins: [{ ...vendor, ...entry }],
    scripts: { [path]: vendorScript },
  })
  onTestFinished(() => cdn.close())
  Object.assign(headers, given.headers?.(cdn.url, scene.apiURL))
  scene.config.settings.cdnURL = cdn.url
  return { ...scene, cdn }
}

const got = (page: Page) => page.evaluate(() => Reflect.get(window, 'got') ?? [])
const failed = (page: Page) =>
  page.evaluate(() => window.shop.analytics?.instance?.queue.failedInitializations)

/** For the settings of a destination that sees events before they are sent, as the public catalogue has one. */
const subscriptions = [{ partnerAction: 'sessionId', enabled: true }]

it('get the events of the page, and may add to them before they are sent, if the settings ask for that', async () => {
  const { cdn, api, visit } = await startShop({ settings: { session: 17, subscriptions } })
  const page = await visit('/')
  await track(page, ['A', 'B'])

  const [arrived] = await api.waitFor({ event: 'B' })
  expect(arrived?.payload.integrations).toMatchObject({ Vendor: { session_id: 17 } })
  await expect.poll(() => got(page)).toEqual(['A', 'B'])
  expect(cdn.asked).toEqual([path])
})

/** No waiting for a while ever ends on this page: who waits for a script waits until it comes. */
const withoutPatience = (page: Page) =>
  page.addInitScript(() => {
    const { setTimeout } = window
    Object.assign(window, {
      setTimeout: (run: () => void, ms = 0) => (ms >= 1_000 ? 0 : setTimeout(run, ms)),
    })
  })

it('delay no event, on the first visit or the next, and get all of them however late they come', async () => {
  const { cdn, api, open } = await startShop()
  const release = cdn.hold()
  const page = await open('/', withoutPatience)
  await untilLoaded(page)
  await track(page, ['A', 'B'])
  await api.waitFor({ event: 'B' })
  expect(await got(page)).toEqual([])

  release()
  await expect.poll(() => got(page)).toEqual(['A', 'B'])
  await track(page, ['C'])
  await expect.poll(() => got(page)).toEqual(['A', 'B', 'C'])

  const releaseAgain = cdn.hold()
  const next = await open('/next', withoutPatience)
  await untilLoaded(next)
  await track(next, ['D'])
  await api.waitFor({ event: 'D' })
  expect(await got(next)).toEqual([])

  releaseAgain()
  await expect.poll(() => got(next)).toEqual(['D'])
})

it('that events wait for are not waited for again when that was in vain, and are when they come in time', async () => {
  const { cdn, api, open } = await startShop({ settings: { session: 17, subscriptions } })
  const release = cdn.hold()
  const page = await open('/')
  await untilLoaded(page)
  await track(page, ['A'])
  await api.waitFor({ event: 'A' })

  const second = await open('/second', withoutPatience)
  await untilLoaded(second)
  await track(second, ['B'])
  await api.waitFor({ event: 'B' })
  release()
  await expect.poll(() => got(second)).toEqual(['B'])

  const third = await open('/third', withoutPatience)
  await track(third, ['C'])
  const [arrived] = await api.waitFor({ event: 'C' })
  expect(arrived?.payload.integrations).toMatchObject({ Vendor: { session_id: 17 } })
})

it('that cannot be loaded are told of in every event that waited for them', async () => {
  const { apiURL, visit } = await startShop({
    url: 'https://cdn.segment.com/nowhere/1.js',
    settings: { subscriptions },
  })
  const page = await visit('/')
  const sent = page.waitForRequest((request) => request.url() === `${apiURL}/v1/t`)
  await track(page, ['A'])

  expect((await sent).postDataJSON()).toMatchObject({ _metadata: { failedInitializations: ['Vendor'] } })
  expect(await failed(page)).toEqual(['Vendor'])
})

it.each([
  ['the hash that the settings give', vendorScript, []],
  ['another hash', 'another script', ['Vendor']],
])('run with %s, or do not', async (_, script, failures) => {
  const integrity = `sha384-${createHash('sha384').update(script).digest('base64')}`
  const { visit } = await startShop({ integrity })
  const page = await visit('/')
  await track(page, ['A'])

  await expect.poll(() => failed(page)).toEqual(failures)
  await expect.poll(() => got(page)).toEqual(failures.length > 0 ? [] : ['A'])
})

it('run where scripts need a nonce and a policy of Trusted Types', async () => {
  const { site, visit } = await startShop(
    {},
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

  await expect.poll(() => got(page)).toEqual(['A'])
  expect(site.reports).toEqual([])
})
