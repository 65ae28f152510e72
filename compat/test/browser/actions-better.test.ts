import { describe } from 'vitest'
import { shows } from '../../src/browser/agreement'
import type { BrowserLibrary } from '../../src/browser/library'
import type { Page } from '../../src/browser/page'
import { type ScriptReply, serveScripts } from '../../src/browser/scripts'
import type { Fields } from '../../src/library'
import { plugin } from '../../src/plugins'

const url = (name: string) => `https://cdn.segment.com/actions/${name}/1.js`
const entry = (name: string) => ({
  name,
  creationName: name,
  libraryName: `${name}Destination`,
  url: url(name),
  settings: {},
})

/** A page whose source has destinations with these names. */
function load(page: Page, replies: Record<string, ScriptReply>) {
  serveScripts(Object.fromEntries(Object.entries(replies).map(([name, reply]) => [url(name), reply])))
  const remotePlugins = Object.keys(replies).map(entry)
  const { library, writeKey, cdnSettings } = page
  return library.AnalyticsBrowser.load({ writeKey, cdnSettings: { ...cdnSettings, remotePlugins } })
}

const leaves = (name: string, made: unknown, afterMs = 1): ScriptReply => ({
  run: () => Reflect.set(globalThis, `${name}Destination`, () => made),
  afterMs,
})

const never = () => new Promise<never>(() => {})
/** What the Tracking API got; the peer also sends counts of failures. */
const sent = (page: Page) => page.sent().filter(({ series }) => series === undefined)
const eventsOf = (page: Page) => sent(page).map(({ event }) => event)

describe('W-30: a script of a third party', () => {
  shows('that hangs holds up no event for long', {
    script: async (page) => {
      const got: unknown[] = []
      const analytics = load(page, {
        Hanging: 'hang',
        Other: leaves(
          'Other',
          plugin('destination', 'Other send', (ctx) => void got.push(ctx.event.event)),
        ),
      })
      void analytics.track('E')
      await page.pass(60_000)
      return [eventsOf(page), got]
    },
    segment: [[], []],
    sluice: [['E'], ['E']],
  })

  shows('that is slow holds up no event on later visits, and its destination still gets it', {
    script: async (page) => {
      const got: unknown[] = []
      const made = plugin('destination', 'Slow send', (ctx) => {
        got.push(ctx.event.event)
        return ctx
      })
      const visit = (library: BrowserLibrary) =>
        load({ ...page, library }, { Slow: leaves('Slow', made, 5_000) })
      visit(page.library)
      await page.pass(10_000)
      const analytics = visit(await page.subject.load())
      void analytics.track('E')
      await page.pass(100)
      const early = [eventsOf(page), [...got]]
      await page.pass(5_000)
      return [early, eventsOf(page), got]
    },
    segment: [[[], []], ['E'], ['E']],
    sluice: [[['E'], []], ['E'], ['E']],
  })

  shows('that cannot be loaded is told of', {
    script: async (page) => {
      const analytics = load(page, { Blocked: 'error' })
      const errors: unknown[] = []
      analytics.on('error', (error) => errors.push((error as Fields).code))
      const [client] = await page.value(analytics)
      // Ours does not wait for it.
      await page.pass(1_000)
      await page.value(client.track('E'))
      return [
        errors,
        client.queue.failedInitializations,
        sent(page).map(({ _metadata }) => (_metadata as Fields).failedInitializations),
      ]
    },
    segment: [[], [], [undefined]],
    sluice: [['initialization_failure'], ['Blocked'], [['Blocked']]],
  })

  shows('whose initialisation hangs does not hold up events, nor ready() for ever', {
    script: async (page) => {
      const made = plugin('enrichment', 'Hanging enrich', (ctx) => ctx, { load: never })
      const analytics = load(page, { Hanging: leaves('Hanging', made) })
      void analytics.track('E')
      const ready = page.settled(analytics.ready(), 60_000)
      await page.pass(60_000)
      return [eventsOf(page), (await ready) === 'pending']
    },
    segment: [[], true],
    sluice: [['E'], false],
  })

  shows('that throws or hangs before an event is sent holds it up for a second at most', {
    script: async (page) => {
      const throwing = plugin('before', 'Throw', () => {
        throw new Error('mine')
      })
      const hanging = plugin('enrichment', 'Hang', never)
      const analytics = load(page, { Bad: leaves('Bad', [throwing, hanging]) })
      const [client] = await page.value(analytics)
      void client.track('E')
      await page.pass(2_000)
      return eventsOf(page)
    },
    segment: [],
    sluice: ['E'],
  })
})
