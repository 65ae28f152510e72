import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SegmentEvent } from '../../src'
import { Context } from '../../src'
import { destinationFilter } from '../../src/filters/destination-filter'
import type { RoutingRule } from '../../src/filters/routing-rule'
import { applyDestinationMiddleware } from '../../src/middleware/apply-destination-middleware'

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

const always = { type: 'all' }
const isOrder = { type: 'fql', ir: '["=","event",{"value":"Order"}]' }
const dropping = (...keys: string[]) => [{ type: 'drop_properties', config: { drop: { properties: keys } } }]

const order = (): SegmentEvent => ({ type: 'track', event: 'Order', properties: { a: 1, b: 2 } })

/** What a destination gets of the event. */
async function filtered(rules: unknown[], destination = 'Web', event = order()) {
  const own = await applyDestinationMiddleware(new Context(event), destination, [
    destinationFilter(rules, () => 0),
  ])
  return own?.event
}

describe('a destination filter', () => {
  it('holds for its destination, by its exact name, or without one for all', async () => {
    const rules: RoutingRule[] = [
      { destinationName: 'Web', matchers: [always], transformers: [dropping('a')] },
      { matchers: [always], transformers: [dropping('b')] },
    ]

    expect((await filtered(rules, 'Web'))?.properties).toEqual({})
    expect((await filtered(rules, 'web'))?.properties).toEqual({ a: 1 })
  })

  it('changes the events that it means, each condition with its own consequences', async () => {
    const rules = [{ matchers: [isOrder, always], transformers: [dropping('a'), dropping('b')] }]

    expect((await filtered(rules))?.properties).toEqual({})
    expect((await filtered(rules, 'Web', { ...order(), event: 'Other' }))?.properties).toEqual({ a: 1 })
  })

  it('that drops ends it: no later one has a say', async () => {
    const later = { destinationName: 'Web', matchers: [always], transformers: [dropping('a')] }

    expect(
      await filtered([{ matchers: [isOrder], transformers: [[{ type: 'drop' }]] }, later]),
    ).toBeUndefined()
  })

  it('sees what the ones before it made of the event', async () => {
    const rename = { type: 'map_properties', config: { map: { event: { set: 'Renamed' } } } }
    const rules = [
      { matchers: [always], transformers: [[rename]] },
      { matchers: [isOrder], transformers: [[{ type: 'drop' }]] },
    ]

    expect((await filtered(rules))?.event).toBe('Renamed')
  })

  it.each([
    ['no object', null],
    ['without conditions', { transformers: [[{ type: 'drop' }]] }],
    ['with a condition that nothing follows from', { matchers: [always], transformers: [] }],
    ['of an unknown kind', { matchers: [{ type: 'sql', ir: '1' }], transformers: [[{ type: 'drop' }]] }],
    ['of broken JSON', { matchers: [{ type: 'fql', ir: '[' }], transformers: [[{ type: 'drop' }]] }],
    [
      'with an unknown operator',
      { matchers: [{ type: 'fql', ir: '["is"]' }], transformers: [[{ type: 'drop' }]] },
    ],
    [
      'with an unknown transformer',
      { matchers: [always], transformers: [[{ type: 'drop' }, { type: 'melt' }]] },
    ],
  ])('that cannot be read, %s, is told once and left out; the others hold', async (_, broken) => {
    const filter = destinationFilter([broken, { matchers: [always], transformers: [dropping('a')] }])
    for (let i = 0; i < 3; i++) {
      const own = await applyDestinationMiddleware(new Context(order()), 'Web', [filter])

      expect(own?.event.properties).toEqual({ b: 2 })
    }
    expect(vi.mocked(console.warn).mock.calls).toEqual([[expect.any(String), broken, expect.any(Error)]])
  })
})
