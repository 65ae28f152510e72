import { beforeAll, describe, expect, it } from 'vitest'
import { text } from '../src/fields'
import { type Fields, type Method, methods } from '../src/library'
import { type Random, seededRandom } from '../src/random'
import { startClient } from '../src/start-client'
import { type NodeSubject, nodeSegment, nodeSluice } from '../src/subjects'

/**
 * Many made-up calls, sent through both libraries: what goes over the wire must be the same text, letter by letter,
 * apart from what differs from call to call and the name of the library.
 */
describe('given the same made-up calls', () => {
  beforeAll(async () => {
    await Promise.all([nodeSegment.load(), nodeSluice.load()])
  })

  it.each(Array.from({ length: 25 }, (_, i) => i + 1))(
    'both libraries send the same text (seed %i)',
    async (seed) => {
      const segment = await bodyOf(nodeSegment, makeCalls(seed))
      const sluice = await bodyOf(nodeSluice, makeCalls(seed))

      expect(sluice).toEqual(segment)
    },
  )
})

const callsPerSeed = 40

function makeCalls(seed: number): { method: Method; params: Fields }[] {
  const random = seededRandom(seed)
  return Array.from({ length: callsPerSeed }, () => makeCall(random))
}

/** One line for each event, so that a difference shows the event it is in. */
async function bodyOf(subject: NodeSubject, calls: { method: Method; params: Fields }[]): Promise<string[]> {
  const { analytics, http } = await startClient(subject, { settings: { flushAt: callsPerSeed } })
  for (const { method, params } of calls) analytics[method](params)
  await http.reached(1)
  const [request] = http.requests
  expect(request?.batch).toHaveLength(callsPerSeed)
  const body = text(request?.body)
  const batch = body.slice(0, body.indexOf('],"writeKey":"test-key","sentAt":'))
  return batch
    .replaceAll(/node-next-\d+-[0-9a-f-]{36}/g, '<message id>')
    .replaceAll(/"timestamp":"20[2-9]\d-[^"]+"/g, '"timestamp":"<now>"')
    .replaceAll(`"name":"${subject.libraryName}","version":"${analytics.VERSION}"`, '<library>')
    .split(/(?=\{"timestamp")/)
}

function makeCall(random: Random): { method: Method; params: Fields } {
  const method = random.pick(methods)
  const params = shuffled(random, {
    ...idsOf(random, method),
    ...detailsOf(random, method),
    ...optionsOf(random),
  })
  return { method, params }
}

function idsOf(random: Random, method: Method): Fields {
  if (method === 'alias') return { userId: word(random), previousId: word(random) }
  const ids = random.pick<Fields>([
    { userId: word(random) },
    { anonymousId: word(random) },
    { userId: word(random), anonymousId: word(random) },
    { userId: undefined, anonymousId: word(random) },
    { userId: null, anonymousId: word(random) },
  ])
  return method === 'group' ? { groupId: word(random), ...ids } : ids
}

function detailsOf(random: Random, method: Method): Fields {
  switch (method) {
    case 'track':
      return { event: word(random), ...random.maybe({ properties: makeObject(random, 3) }) }
    case 'identify':
    case 'group':
      return random.maybe({ traits: makeObject(random, 3) })
    case 'page':
    case 'screen':
      return {
        ...random.maybe({ category: word(random) }),
        ...random.maybe({ name: word(random) }),
        ...random.maybe({ properties: makeObject(random, 3) }),
      }
    case 'alias':
      return {}
  }
}

function optionsOf(random: Random): Fields {
  return {
    ...random.maybe({ context: random.pick<unknown>([undefined, makeObject(random, 3)]) }),
    ...random.maybe({ timestamp: random.pick<unknown>([new Date(1e12), '2001-02-03T04:05:06Z', undefined]) }),
    ...random.maybe({ messageId: random.pick<unknown>([word(random), undefined, '']) }),
    ...random.maybe({
      integrations: random.pick<unknown>([
        undefined,
        { All: false, [word(random)]: random.pick([true, { a: 1 }]) },
        {},
      ]),
    }),
  }
}

function makeObject(random: Random, depth: number): Fields {
  const size = Math.floor(random.next() * 4)
  return Object.fromEntries(Array.from({ length: size }, () => [word(random), makeValue(random, depth)]))
}

function makeValue(random: Random, depth: number): unknown {
  if (depth > 0 && random.next() < 0.25) return makeObject(random, depth - 1)
  if (depth > 0 && random.next() < 0.15) return [makeValue(random, depth - 1), makeValue(random, depth - 1)]
  return random.pick<unknown>([
    word(random),
    random.next() * 1e6,
    Math.floor(random.next() * 100),
    -0,
    true,
    null,
    undefined,
    Number.NaN,
    new Date(Math.floor(random.next() * 1e12)),
    { toJSON: () => 'from toJSON' },
    () => 1,
    1e21,
  ])
}

const words = [
  'a',
  'name',
  'category',
  'a.b',
  'a b',
  '0',
  '7',
  'type',
  'Ünï',
  '👋',
  '"',
  '\\',
  '\n',
  '\u2028',
  '</x>',
  '',
]

function word(random: Random): string {
  return random.pick(words) + random.pick(['x', 'y', 'z', '日本'])
}

function shuffled(random: Random, params: Fields): Fields {
  const entries = Object.entries(params).map((entry) => ({ entry, rank: random.next() }))
  return Object.fromEntries(entries.sort((a, b) => a.rank - b.rank).map(({ entry }) => entry))
}
