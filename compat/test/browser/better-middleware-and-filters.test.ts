import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shows } from '../../src/browser/agreement'
import { segmentFilters, sluiceFilters } from '../../src/browser/destination-filters'
import { npmDestination, startWith } from '../../src/browser/npm-destination'
import type { Fields } from '../../src/library'

const always = { type: 'all' }
const when = (condition: unknown) => ({ type: 'fql', ir: JSON.stringify(condition) })
const drop = [{ type: 'drop' }]

const order: Fields = {
  type: 'track',
  event: 'Order Completed',
  properties: { email: 'jane@example.com', total: 9.5, coupon: '', tags: ['new'], list: [[{ a: 1, b: 2 }]] },
}

/** What either library makes of the event. */
function eitherMakes(rules: unknown[], event: Fields = order) {
  const properties = (filtered: Fields | undefined) => filtered?.properties ?? 'dropped'
  return [segmentFilters(), sluiceFilters()].map((apply) => {
    try {
      return properties(apply(rules, event))
    } catch {
      return 'failed'
    }
  })
}

const transforming = (type: string, config: unknown) => [
  { matchers: [always], transformers: [[{ type, config }]] },
]

beforeEach(() => {
  // The peer applies no filters where it takes itself to be tested.
  vi.stubEnv('NODE_ENV', 'production')
})
afterEach(() => vi.unstubAllEnvs())

describe('W-14: destination filters', () => {
  it('sample by what stands at a path', () => {
    const rules = transforming('sample_event', { sample: { percent: 0.1, path: 'userId' } })
    const shares = [segmentFilters(), sluiceFilters()].map((apply) => {
      const kept = Array.from({ length: 2_000 }, (_, i) => apply(rules, { type: 'track', userId: `u${i}` }))
      return kept.filter(Boolean).length / 2_000
    })

    expect(shares[0]).toBe(1)
    expect(shares[1]).toBeCloseTo(0.1, 1)
  })

  it('hash', () => {
    const hash = createHash('sha256').update('jane@example.com').digest('hex')

    expect(eitherMakes(transforming('hash_properties', { hash: { properties: ['email'] } }))).toEqual([
      order.properties,
      { ...(order.properties as Fields), email: hash },
    ])
  })

  it.each([
    ['functions within "contains"', ['contains', ['lowercase', 'event'], { value: 'order' }]],
    ['functions within "match"', ['match', ['lowercase', 'event'], { value: 'order*' }]],
    ['functions within "in"', ['in', ['lowercase', 'event'], [{ value: 'order completed' }]]],
    ['lists of the event', ['in', { value: 'new' }, 'properties.tags']],
    ['lists that are written out', ['in', 'type', { value: ['page', 'track'] }]],
  ])('understand %s', (_, condition) => {
    const [segment, sluice] = eitherMakes([{ matchers: [when(condition)], transformers: [drop] }])

    expect(segment).not.toBe('dropped')
    expect(sluice).toBe('dropped')
  })

  it('let values change places', () => {
    const map = {
      'properties.email': { move: 'properties.total' },
      'properties.total': { move: 'properties.email' },
    }
    const { email: _, ...others } = order.properties as Fields

    expect(eitherMakes(transforming('map_properties', { map }))).toEqual([
      { ...others, total: 'jane@example.com' },
      { ...others, email: 9.5, total: 'jane@example.com' },
    ])
  })

  it('make no text of nothing', () => {
    const map = { 'properties.none': { to_string: true } }

    expect(eitherMakes(transforming('map_properties', { map }))).toEqual([
      { ...(order.properties as Fields), none: 'undefined' },
      order.properties,
    ])
  })

  it('that cannot be read harm nothing', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const broken = [{ matchers: [when(['is', 'event'])], transformers: [drop] }]

    expect(eitherMakes(broken)).toEqual(['failed', order.properties])
    vi.restoreAllMocks()
  })

  const rules = [
    { matchers: [when(['=', 'event', { value: 'Secret' }])], transformers: [drop] },
    { destinationName: 'Mine', matchers: [always], transformers: [drop] },
  ]
  shows('without a name hold for all', {
    script: async (page) => {
      const [mine, other] = [npmDestination('Mine'), npmDestination('Other')]
      const client = await startWith(page, [mine, other], { middlewareSettings: { routingRules: rules } })
      await page.value(client.track('Secret'))
      await page.value(client.track('Open'))
      const events = ({ got }: typeof mine) => got.map(({ event }) => event)
      return [events(mine), events(other), page.sent().map(({ event }) => event)]
    },
    segment: [[], ['Secret', 'Open'], ['Secret', 'Open']],
    sluice: [[], ['Open'], ['Secret', 'Open']],
  })
})

describe('W-17: the tracking plan of the source', () => {
  const plan = { track: { E: { enabled: false } } }
  const gets = (options: Fields) => ({
    script: async (page: Parameters<Parameters<typeof shows>[1]['script']>[0]) => {
      const mine = npmDestination('Mine')
      const client = await startWith(page, [mine], { plan }, options)
      await page.value(client.track('E'))
      return mine.got.length
    },
  })

  shows('holds also where there are no destinations of the first generation', {
    ...gets({}),
    segment: 1,
    sluice: 0,
  })
})

describe('integrations that a call switches off', () => {
  shows('are not switched on by the tracking plan', {
    script: async (page) => {
      const mine = npmDestination('Mine')
      const plan = { track: { E: { enabled: true, integrations: { Mine: true } } } }
      const client = await startWith(page, [mine], {}, { plan })
      await page.value(client.track('E', {}, { integrations: { Mine: false } }))
      return mine.got.length
    },
    segment: 1,
    sluice: 0,
  })
})

describe('destination middleware', () => {
  shows('that drops an event has dropped it, whatever it does then', {
    script: async (page) => {
      const mine = npmDestination('Mine')
      const client = await startWith(page, [mine])
      await page.value(
        client.addDestinationMiddleware('Mine', ({ payload, next }) => {
          next(null)
          next(payload)
        }),
      )
      await page.value(client.track('E'))
      return mine.got.length
    },
    segment: 1,
    sluice: 0,
  })
})

describe('source middleware', () => {
  shows('is not seen twice in an event that is tried again', {
    script: async (page) => {
      const client = await page.start()
      let calls = 0
      await page.value(
        client.addSourceMiddleware(({ payload, next }) => {
          payload.obj.event += ' 1'
          next(payload)
        }),
      )
      await page.value(
        client.addSourceMiddleware(({ payload, next }) => {
          calls += 1
          if (calls === 1) throw new Error('mine')
          next(payload)
        }),
      )
      void client.track('E')
      await page.pass(10_000)
      return page.sent().map(({ event }) => event)
    },
    segment: ['E 1 1'],
    sluice: ['E 1'],
  })
})
