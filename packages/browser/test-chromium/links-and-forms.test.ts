/** Visitors click links and submit forms that are tracked. The browser does what it would have done anyway. */

import type { InitOptions } from '@sluice/browser'
import type { Fault } from '@sluice/dev-server/testing'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Strategy } from './support/config'
import { type Scene, startScene } from './support/start-scene'

const html = `
  <script type="module" src="/scripts/links-and-forms.js"></script>
  <a id="Link" href="/two?link">Link</a>
  <a id="Tab" href="/two?tab">Tab</a>
  <a id="Window" href="/two?window">Window</a>
  <a id="Blank" href="/two?blank" target="_blank">Blank</a>
  <a id="Route" href="/two?route" class="of-the-root">Route</a>
  <a id="Handled" href="/two?handled" class="of-its-own">Handled</a>
  <form id="Search" action="/two"><input name="q" value="red shoes"><button name="in" value="shop">Search</button></form>
  <form id="Letter" action="/two?letter" method="post">
    <input name="mail" type="email" required value="a@shop.test">
    <button name="do" value="subscribe">Subscribe</button>
    <button name="do" value="leave" formaction="/two?leave">Leave</button>
  </form>
  <form id="Awkward" action="/two"><input name="requestSubmit" value="1"><button name="do" value="it">Go</button></form>
  <div id="Card" class="of-the-root">Card <a id="More" href="/two?more">More</a></div>
  <div id="Said" href="/two?said">Said</div>
  <form id="Routed" action="/two" class="of-the-root"><button>Send</button></form>`

/** How the visitor leaves the page, and the request for the next one. */
const ways: [element: string, leave: (page: Page) => Promise<unknown>, asked: string][] = [
  ['Link', (page) => page.click('#Link'), 'GET /two?link'],
  ['Search', (page) => page.click('text=Search'), 'GET /two?q=red+shoes&in=shop'],
  ['Search', (page) => requestSubmit(page, '#Search'), 'GET /two?q=red+shoes'],
  ['Awkward', (page) => page.click('text=Go'), 'GET /two?requestSubmit=1&do=it'],
  ['Said', (page) => page.click('#Said'), 'GET /two?said'],
  ['Letter', (page) => page.click('text=Leave'), 'POST /two?leave mail=a%40shop.test&do=leave'],
]

const tabs: [element: string, open: (page: Page) => Promise<unknown>][] = [
  ['Blank', (page) => page.click('#Blank')],
  ['Tab', (page) => page.click('#Tab', { modifiers: ['ControlOrMeta'] })],
  ['Window', (page) => page.click('#Window', { modifiers: ['Shift'] })],
]

describe.each<[string, InitOptions]>([
  ['kept', {}],
  ['not kept', { disableClientPersistence: true }],
])('given a server that takes 200 ms, and events that are %s', (_what, options) => {
  it('leaves the page as the visitor said, and delivers each event once', async () => {
    const { scene, page, visit } = await startTracking(options)

    for (const [index, [, leave]] of ways.entries()) {
      await visit(`/${index}`)
      await leave(page)
      await page.waitForURL('**/two?*')
    }

    const events = ways.map(([element], index) => `${element} on /${index}`)
    await scene.expectEachOnce(page, events, { mayRepeat: true })
    expect(scene.site.asked).toEqual(ways.flatMap(([, , next], index) => [`GET /${index}`, next]))
  })

  it('opens tabs as the visitor said, and delivers each event once', async () => {
    const { scene, page, visit } = await startTracking(options)
    await visit('/one')

    for (const [element, open] of tabs) {
      const [tab] = await Promise.all([scene.browser.context.waitForEvent('page'), open(page)])
      await tab.waitForURL(`**/two?${element.toLowerCase()}`)
      await tab.close()
    }

    await scene.expectEachOnce(
      page,
      tabs.map(([element]) => `${element} on /one`),
    )
    expect(scene.site.asked).toEqual(['GET /one', 'GET /two?blank', 'GET /two?tab', 'GET /two?window'])
  })

  it('stays on the page when the application takes care, and while the fields of a form are wrong', async () => {
    const { scene, page, visit } = await startTracking(options)
    await visit('/one')

    await page.click('#Route')
    await page.click('#Handled')
    await page.click('#Card', { position: { x: 2, y: 8 } })
    await page.click('text=Send')
    await page.fill('#Letter input', 'no address')
    await page.click('text=Subscribe')
    await requestSubmit(page, '#Letter')

    expect(await page.evaluate(() => window.linksAndForms.taken)).toEqual([
      'Route',
      'Handled',
      'Card',
      'Routed',
    ])
    expect(await page.evaluate(() => document.activeElement?.matches('#Letter :invalid'))).toBe(true)
    await scene.expectEachOnce(page, ['Route on /one', 'Handled on /one', 'Card on /one', 'Routed on /one'])
    expect(scene.site.asked).toEqual(['GET /one'])
  })

  it('stays on the page when a script makes up what browsers would not follow', async () => {
    const { scene, page, visit } = await startTracking(options)
    await visit('/one')

    await page.evaluate(() => {
      const made = (type: string) => new Event(type, { bubbles: true, cancelable: true })
      document.querySelector('#Link')?.dispatchEvent(made('click'))
      document.querySelector('#Search')?.dispatchEvent(made('submit'))
    })

    await scene.expectEachOnce(page, ['Link on /one', 'Search on /one'])
    expect(scene.site.asked).toEqual(['GET /one'])
  })
})

it('lets a destination of the page have each event before that is left, though events are kept', async () => {
  const { scene, page, visit } = await startTracking({})

  for (const [, leave] of ways) {
    await visit('/one?vendor')
    await leave(page)
    await page.waitForURL('**/two?*')
  }

  const got = () => scene.site.asked.filter((one) => one.startsWith('POST /vendor'))
  await expect.poll(got).toEqual(ways.map(([element]) => `POST /vendor?${element}`))
})

describe.each<[string, () => void]>([
  ['as browsers are', () => {}],
  [
    'that cannot be asked to submit, and know of no buttons in form data',
    () => {
      Reflect.deleteProperty(HTMLFormElement.prototype, 'requestSubmit')
      const { FormData } = window
      window.FormData = class extends FormData {
        constructor(form?: HTMLFormElement) {
          super(form)
        }
      }
    },
  ],
  [
    'where somebody prevents what looks like a second submission',
    () => {
      let count = 0
      window.addEventListener('submit', (event) => count++ > 0 && event.preventDefault(), true)
    },
  ],
])('in a page %s', (_what, prepare) => {
  // As visitors do: they click.
  const byVisitors = ways.filter(([, leave]) => leave.toString().includes('click'))

  it('leaves as the visitor said when a destination is done within the event, whatever batches wait', async () => {
    const { scene, page, visit } = await startTracking({}, undefined, 'batching')
    await page.addInitScript(prepare)

    for (const [, leave] of byVisitors) {
      await visit('/one?quick')
      await leave(page)
      await page.waitForURL('**/two?*')
    }

    expect(scene.site.asked).toEqual(byVisitors.flatMap(([, , next]) => ['GET /one?quick', next]))
  })

  it('leaves as the visitor said when they have waited for a destination', async () => {
    const { scene, page, visit } = await startTracking({})
    await page.addInitScript(prepare)

    for (const [, leave] of byVisitors) {
      await visit('/one?vendor')
      await leave(page)
      await page.waitForURL('**/two?*')
    }

    const asked = scene.site.asked.filter((one) => !one.startsWith('POST /vendor'))
    expect(asked).toEqual(byVisitors.flatMap(([, , next]) => ['GET /one?vendor', next]))
  })
})

it('submits what the form held then, asks once what else to send, and counts no disabled button', async () => {
  const { scene, page, visit } = await startTracking({})
  await visit('/one?vendor')
  await page.evaluate(() => {
    const form = document.querySelector<HTMLFormElement>('#Search')
    form?.addEventListener('formdata', ({ formData }) => formData.append('token', '1'))
    form?.addEventListener('submit', () => {
      form.querySelector('button')?.toggleAttribute('disabled', true)
      setTimeout(() => form.replaceChildren())
    })
  })

  await page.click('text=Search')
  await page.waitForURL('**/two?*')

  expect(scene.site.asked.at(-1)).toBe('GET /two?q=red+shoes&token=1')
})

it('waits for no answer when events are kept; the next answer tells whether they have arrived', async () => {
  const { scene, page, visit } = await startTracking({}, { kind: 'hang', times: 3 })
  await visit('/one')

  await page.click('#Link')
  await page.waitForURL('**/two?link')
  await expect.poll(() => scene.notices.length).toBe(1)
  // Two pages later nothing tells that the browser was not closed in between: the first event is sent again.
  await visit('/three')
  await expect.poll(() => scene.notices.length).toBe(2)
  await page.click('text=Subscribe')
  await page.waitForURL('**/two?letter')
  await expect.poll(() => scene.notices.length).toBe(3)
  expect(await scene.api.counts()).toMatchObject({ accepted: 0 })

  await scene.api.faults({ kind: 'status', status: 503, times: 1 })
  await scene.expectEachOnce(page, ['Link on /one', 'Letter on /three'], { mayRepeat: true })
})

it('waits for the answer when events are not kept', async () => {
  const { page, visit } = await startTracking(
    { disableClientPersistence: true },
    { kind: 'latency', ms: 600 },
  )
  const waitedMs: number[] = []

  for (const leave of [() => page.click('#Link'), () => page.click('text=Subscribe')]) {
    await visit('/one')
    const clickedAt = performance.now()
    await leave()
    await page.waitForURL('**/two?*')
    waitedMs.push(performance.now() - clickedAt)
  }

  // Less a few, as timers may be early.
  expect(Math.min(...waitedMs)).toBeGreaterThan(590)
})

interface Tracking {
  scene: Scene
  page: Page
  /** Opens a page of the site and waits until its links and forms are tracked. */
  visit(path: string): Promise<void>
}

async function startTracking(
  options: InitOptions,
  fault: Fault = { kind: 'latency', ms: 200 },
  strategy?: Strategy,
): Promise<Tracking> {
  const scene = await startScene({ options, strategy, site: () => ({ head: html }) })
  await scene.api.faults(fault)
  const page = await scene.browser.context.newPage()
  return {
    scene,
    page,
    async visit(path) {
      await page.goto(scene.site.url + path)
      await expect.poll(() => page.evaluate(() => window.linksAndForms?.areTracked)).toBe(true)
    },
  }
}

/** As scripts submit forms. */
async function requestSubmit(page: Page, form: string): Promise<void> {
  await page.locator(form).evaluate((form: HTMLFormElement) => form.requestSubmit())
}
