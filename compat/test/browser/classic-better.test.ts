import { describe } from 'vitest'
import { shows } from '../../src/browser/agreement'
import { notedIntegration } from '../../src/browser/classic-integration'
import type { PageClient } from '../../src/browser/library'
import type { Page } from '../../src/browser/page'
import { address, leaving, startClient, startFromCDN } from '../../src/browser/start-classic'
import { fields } from '../../src/fields'

const main = address('/integrations/noted/latest/noted.dynamic.js.gz')
const namesOf = (told: unknown[][]) =>
  told.flatMap(([method, name]) => (name === undefined ? [method] : [name]))

/** Codes of the errors that a client tells. */
function errorsOf(client: PageClient): unknown[] {
  const codes: unknown[] = []
  client.on('error', (error) => codes.push(fields(error).code))
  return codes
}

/** How many timers are set within so many ms. */
async function timersWithin(page: Page, ms: number): Promise<number> {
  const { setTimeout } = globalThis
  let count = 0
  globalThis.setTimeout = Object.assign((...args: Parameters<typeof setTimeout>) => {
    count += 1
    return setTimeout(...args)
  }, setTimeout)
  try {
    await page.pass(ms)
  } finally {
    globalThis.setTimeout = setTimeout
  }
  return count
}

describe('W-18: a plan', () => {
  shows('may say of an event no more than that it is enabled', {
    script: async (page) => {
      const { client, told } = await startClient(
        page,
        {},
        { options: { plan: { track: { E: { enabled: true } } } } },
      )
      await page.value(client.track('E'))
      return told.filter(([method]) => method === 'track').length
    },
    segment: 0,
    sluice: 1,
  })
})

describe('W-30: the script of a destination', () => {
  shows('that hangs lets ready end, and is told as a failure', {
    script: async (page) => {
      const { client } = await startFromCDN(page, { [main]: 'hang' })
      const codes = errorsOf(client)
      await page.pass(1)
      const end = await page.settled(client.ready(), 40_000)
      await page.value(client.track('E'))
      const [{ _metadata } = { _metadata: {} }] = page.sent().filter(({ event }) => event === 'E')
      return [end === 'pending' ? end : 'ended', codes, fields(_metadata).failedInitializations]
    },
    segment: ['pending', [], undefined],
    sluice: ['ended', ['initialization_failure'], ['Noted']],
  })

  shows('that is blocked while somebody waits for ready lets it end', {
    script: async (page) => {
      const { source } = notedIntegration({ readyAfterMs: 'never' })
      const { client } = await startFromCDN(page, { [main]: leaving('noted', source) })
      return (await page.settled(client.ready(), 40_000)) === 'pending' ? 'pending' : 'ended'
    },
    segment: 'pending',
    sluice: 'ended',
  })
})

describe('W-32: a destination that does not become ready', () => {
  shows('costs one timer, not one after the other', {
    script: async (page) => {
      const { client } = await startClient(page, { readyAfterMs: 'never' })
      await page.value(client.track('E'))
      return (await timersWithin(page, 60_000)) > 1
    },
    segment: true,
    sluice: false,
  })

  shows('gets what waited for it as soon as it is', {
    script: async (page) => {
      // The peer looks after up to 5 s, by chance.
      const { random } = Math
      Math.random = () => 0.9
      const { client, told } = await startClient(page, { readyAfterMs: 500 })
      await page.value(client.track('A'))
      await page.value(client.track('B'))
      await page.pass(600)
      Math.random = random
      return namesOf(told.slice(2))
    },
    segment: [],
    sluice: ['A', 'B'],
  })
})

describe('events that wait for a destination', () => {
  shows('keep their order with page views', {
    script: async (page) => {
      const { client, told } = await startClient(page, { readyAfterMs: 500 })
      await page.value(client.track('A'))
      await page.value(client.page('P'))
      await page.value(client.track('B'))
      await page.pass(10_000)
      return namesOf(told.slice(2))
    },
    segment: ['P', 'A', 'B'],
    sluice: ['A', 'P', 'B'],
  })

  shows('go once, whatever the destination does with them', {
    script: async (page) => {
      const invoked = () => {
        throw new Error('mine')
      }
      const { client, told } = await startClient(page, { readyAfterMs: 100, invoked })
      await page.value(client.track('A'))
      await page.pass(120_000)
      return namesOf(told.slice(2)).length > 1
    },
    segment: true,
    sluice: false,
  })
})

describe('a destination from npm', () => {
  shows('gets settings that only the page has', {
    script: async (page) => {
      const { told } = await startClient(
        page,
        {},
        { ofSource: {}, options: { integrations: { Noted: { apiKey: 'of the page' } } } },
      )
      return told[0]
    },
    segment: ['made of', {}],
    sluice: ['made of', { apiKey: 'of the page' }],
  })
})
