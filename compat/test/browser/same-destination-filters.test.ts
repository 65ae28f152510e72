import { isDeepStrictEqual } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import { type Filtered, segmentFilters, sluiceFilters } from '../../src/browser/destination-filters'
import { npmDestination, startWith } from '../../src/browser/npm-destination'
import { fields } from '../../src/fields'
import type { Fields } from '../../src/library'
import { type Random, seededRandom } from '../../src/random'

/**
 * Made-up destination filters, whose effects must be the same. Left out is what ours does otherwise on purpose, and what
 * `better-middleware-and-filters.test.ts` shows: functions within `in`, `contains` and `match`, lists that stand in the event or in
 * a literal, what objects have by nature, values that change places, lists in lists, sampling by a path, hashing.
 */
const [segment, sluice] = [segmentFilters(), sluiceFilters()]

const order: Fields = {
  type: 'track',
  event: 'Order Completed',
  messageId: 'm1',
  userId: 'u1',
  properties: {
    total: 9.5,
    count: 0,
    coupon: null,
    isGift: true,
    isPaid: false,
    code: 'a-b',
    text: 'Hello',
    cart: { id: 'c1', size: { units: 3 } },
    products: [{ sku: 'a', price: 1 }, { sku: 'b' }, 5],
  },
  context: { ip: '127.0.0.1', page: { url: 'https://shop.test/' } },
}

const scalars = [
  ...[
    'event',
    'type',
    'userId',
    'properties.total',
    'properties.count',
    'properties.coupon',
    'properties.isGift',
  ],
  ...[
    'properties.isPaid',
    'properties.text',
    'properties.code',
    'properties.products.0.sku',
    'nothing.at.all',
  ],
]
const paths = [...scalars, 'properties', 'properties.cart', 'properties.products', 'context.page']
const literals = [
  ...[
    'Order Completed',
    'order completed',
    'Hello',
    'ell',
    'a',
    '',
    'track',
    'object',
    'number',
    'undefined',
    'string',
  ],
  ...[0, 1, 9.5, 5, 13, true, false, null],
].map((value) => ({ value }))
const objects = [{ id: 'c1', size: { units: 3 } }, [], {}].map((value) => ({ value }))
const globCharacters = [...'abHelo-*?[]\\^!']

const rule = (matchers: unknown[], transformers: unknown[][], destinationName: unknown = 'Web') => ({
  scope: 'destinations',
  target_type: 'workspace::project::destination::config',
  matchers,
  transformers,
  destinationName,
})
const when = (condition: unknown) => ({ type: 'fql', ir: JSON.stringify(condition) })
const drop = [{ type: 'drop' }]

const many = <T>(random: Random, most: number, make: () => T): T[] =>
  Array.from({ length: Math.floor(random.next() * (most + 1)) }, make)

function glob(random: Random): string {
  return many(random, 6, () => random.pick(globCharacters)).join('')
}

function condition(random: Random, depth: number): unknown {
  const inner = () => condition(random, depth - 1)
  const plain = () => random.pick([random.pick(scalars), random.pick(literals)])
  const any = () =>
    random.pick([
      plain(),
      random.pick(paths),
      random.pick(objects),
      ['lowercase', random.pick([random.pick(paths), random.pick(literals)])],
      ['typeof', random.pick(paths)],
      ['length', random.pick([random.pick(paths), random.pick(literals)])],
    ])
  const leaves = [
    () => [random.pick(['=', '!=', '<', '<=', '>', '>=']), any(), any()],
    () => ['in', plain(), many(random, 3, plain)],
    () => ['contains', plain(), plain()],
    () => ['match', random.pick(scalars), { value: glob(random) }],
    () => random.pick(paths),
  ]
  const nodes = [() => [random.pick(['and', 'or']), ...many(random, 3, inner)], () => ['!', inner()]]
  return random.pick(depth > 0 ? [...leaves, ...nodes, ...nodes] : leaves)()
}

function transformer(random: Random): unknown {
  const keysByPath = () => {
    const someKeys = ['total', 'text', 'cart', 'id', 'sku', 'price', 'properties', 'context', 'nothing', 'ip']
    const entry = () => [
      random.pick([
        '',
        'properties',
        'properties.cart',
        'properties.products',
        'context',
        'properties.text',
        'nothing',
      ]),
      many(random, 4, () => random.pick(someKeys)),
    ]
    return Object.fromEntries([entry(), ...many(random, 2, entry)])
  }
  // What is read is not written: the peer does one after the other.
  const mapping = () => ({
    ...random.pick<Fields>([
      { copy: random.pick([...sources, 'properties.cart']) },
      { move: random.pick(sources) },
      { set: random.pick(literals).value },
      {},
      { copy: random.pick(sources), move: random.pick(sources), set: 1 },
      { move: random.pick(sources), set: 1 },
    ]),
    ...random.maybe({ to_string: random.next() < 0.8 }),
  })
  const sources = ['properties.text', 'properties.isGift', 'userId', 'context.ip', 'nothing.at.all']
  const targets = [
    'properties.total',
    'properties.coupon',
    'properties.new',
    'context.page.new',
    'new',
    'event',
    'no.where',
  ]
  return random.pick([
    () => ({ type: 'drop' }),
    () => ({ type: 'drop_properties', config: { drop: keysByPath() } }),
    () => ({ type: 'allow_properties', config: { allow: keysByPath() } }),
    () => ({
      type: 'map_properties',
      config: { map: Object.fromEntries(many(random, 4, () => [random.pick(targets), mapping()])) },
    }),
    () => ({
      type: 'sample_event',
      config: { sample: { percent: random.pick([0, 1]), path: random.pick(['', 'userId']) } },
    }),
  ])()
}

/** Where there is nothing to turn into a text, the peer writes 'undefined'. */
function withoutNothing(filtered: Filtered): Filtered {
  return (
    filtered &&
    fields(JSON.parse(JSON.stringify(filtered, (_, value) => (value === 'undefined' ? undefined : value))))
  )
}

/** Rules are printed for those that differ alone: there are tens of thousands of them. */
function expectSame(rules: unknown[], ours: Filtered, theirs: Filtered): void {
  if (!isDeepStrictEqual(ours, theirs)) expect(ours, JSON.stringify(rules)).toEqual(theirs)
}

describe('given the same destination filters', () => {
  it('both libraries find the same conditions true', () => {
    const random = seededRandom(1)
    let dropped = 0
    for (let i = 0; i < 20_000; i++) {
      const rules = [rule([when(condition(random, 3))], [drop])]
      const expected = segment(rules, order)
      if (!expected) dropped++

      expectSame(rules, sluice(rules, order), expected)
    }
    // Neither always nor never.
    expect(dropped).toBeGreaterThan(4_000)
    expect(dropped).toBeLessThan(16_000)
  })

  it('both libraries read the same patterns', () => {
    const random = seededRandom(2)
    let matched = 0
    for (let i = 0; i < 20_000; i++) {
      const text = many(random, 5, () => random.pick(globCharacters)).join('')
      const rules = [rule([when(['match', { value: text }, { value: glob(random) }])], [drop])]
      const expected = segment(rules, order)
      if (!expected) matched++

      expectSame(rules, sluice(rules, order), expected)
    }
    expect(matched).toBeGreaterThan(500)
  })

  it('both libraries change events in the same way', () => {
    const random = seededRandom(3)
    let changed = 0
    for (let i = 0; i < 10_000; i++) {
      const steps = [1, ...many(random, 2, () => 1)].map(() => [
        transformer(random),
        ...many(random, 1, () => transformer(random)),
      ])
      const rules = [
        rule(
          steps.map(() => random.pick([{ type: 'all' }, when(condition(random, 1))])),
          steps,
          random.pick(['Web', 'Web', 'Other', undefined]),
        ),
      ]
      const expected = segment(rules, order)
      if (expected) changed++

      expectSame(rules, withoutNothing(sluice(rules, order)), withoutNothing(expected))
    }
    expect(changed).toBeGreaterThan(2_000)
  })
})

describe('the destination filters of a source', () => {
  beforeEach(() => {
    // The peer applies none where it takes itself to be tested.
    vi.stubEnv('NODE_ENV', 'production')
  })
  afterEach(() => vi.unstubAllEnvs())

  agrees(
    'hold for the destination that they name, before its middleware, and never for the Tracking API',
    async (page) => {
      const [mine, other] = [npmDestination('Mine'), npmDestination('Other')]
      const isSecret = when(['=', 'event', { value: 'Secret' }])
      const routingRules = [
        rule([isSecret], [drop], 'Mine'),
        rule(
          [{ type: 'all' }],
          [[{ type: 'drop_properties', config: { drop: { properties: ['a'] } } }]],
          'Mine',
        ),
        rule([{ type: 'all' }], [drop], 'mine'),
        rule([{ type: 'all' }], [drop], 'Segment.io'),
      ]
      const client = await startWith(page, [mine, other], { middlewareSettings: { routingRules } })
      const told: unknown[] = []
      await page.value(
        client.addDestinationMiddleware('*', ({ payload, integration, next }) => {
          told.push([integration, payload.obj.event, payload.obj.properties])
          next(payload)
        }),
      )
      await page.value(client.track('Secret', { a: 1, b: 2 }))
      await page.value(client.track('Open', { a: 1, b: 2 }))
      const shown = ({ event, properties }: Fields) => [event, properties]
      return [mine.got.map(shown), other.got.map(shown), page.sent().map(shown), told]
    },
  )
})
