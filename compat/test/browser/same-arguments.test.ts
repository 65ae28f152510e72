import { describe } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import { callOf, type Page } from '../../src/browser/page'

/** Arguments under the words that a test's name is made of; functions and ids are made anew for each run. */
type Given = (callback: () => void) => unknown[]

const named = (given: unknown[]) =>
  given.map((value) => (typeof value === 'function' ? 'callback' : JSON.stringify(value))).join(', ')

const callback = () => {}

/** Every list of values up to a length, out of the given ones. */
function lists(values: unknown[], length: number): unknown[][] {
  if (length === 0) return [[]]
  return [[], ...values.flatMap((value) => lists(values, length - 1).map((rest) => [value, ...rest]))]
}

function unique(given: unknown[][]): unknown[][] {
  return [...new Map(given.map((list) => [named(list), list])).values()]
}

function outcome(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

class Instance {
  readonly own = 1
}

describe('the resolvers agree on', () => {
  const odd = [null, undefined, '', 'a', 1, [], new Instance(), { a: 1 }, callback]

  agrees('resolveArguments of every list of four', async ({ library }) => {
    const events = [
      'E',
      '',
      null,
      7,
      { event: 'E' },
      { event: 'E', properties: { p: 1 } },
      { properties: {} },
    ]
    const rest = unique(lists([null, { a: 1 }, { b: 2 }, 'text', callback], 3))
    return events.flatMap((event) =>
      rest.map((more) => [
        named([event, ...more]),
        outcome(() =>
          // The peer takes a text for options, and spreads its letters into the context.
          library
            .resolveArguments(event, ...more)
            .map((part, at) => (at === 2 && part === 'text' ? {} : part)),
        ),
      ]),
    )
  })

  agrees('resolvePageArguments of every list of four', async ({ library }) =>
    unique(lists([null, 'a', '', { x: 1 }, { y: 2 }, callback], 4)).map((given) => [
      named(given),
      library.resolvePageArguments(...given),
    ]),
  )

  agrees('resolveUserArguments of every list of four', async ({ library }) => {
    const resolve = library.resolveUserArguments({ id: () => 'current' })
    return unique(lists([null, 'a', 7, { x: 1 }, { y: 2 }, callback], 4)).map((given) => [
      named(given),
      resolve(...given),
    ])
  })

  agrees('resolveAliasArguments of every list of four', async ({ library }) =>
    unique(lists([null, 'a', 7, { x: 1 }, callback], 4)).map((given) => [
      named(given),
      library.resolveAliasArguments(...given),
    ]),
  )

  agrees('what counts as what', async ({ library }) => [
    ...odd.map((value) => outcome(() => library.resolveArguments('E', value))),
    ...odd.map((value) => library.resolvePageArguments(value)),
    // The peer takes a list for nothing at all, and the traits behind it for those of the current user.
    ...odd
      .filter((value) => !Array.isArray(value))
      .map((value) => library.resolveUserArguments({ id: () => 'u' })(value)),
    ...odd.map((value) => library.resolveUserArguments({ id: () => 'u' })('x', value)),
    ...odd.map((value) => library.resolveAliasArguments('to', value)),
  ])
})

const overloads: Record<string, Given[]> = {
  track: [
    () => ['E'],
    () => ['E', { a: 1 }],
    () => ['E', { a: 1 }, { context: { ip: '1.2.3.4' } }],
    () => ['E', null, { ip: '1.2.3.4' }],
    (done) => ['E', done],
    (done) => ['E', { a: 1 }, done],
    (done) => ['E', { a: 1 }, { ip: '1.2.3.4' }, done],
    () => [{ event: 'E', properties: { a: 1 } }],
    () => [{ event: 'E', properties: { a: 1 } }, { ip: '1.2.3.4' }],
    (done) => [{ event: 'E' }, done],
    () => [''],
    () => [],
    () => [{ properties: {} }],
  ],
  page: [
    () => [],
    () => ['Name'],
    () => ['Category', 'Name'],
    () => [{ a: 1 }],
    () => [{ a: 1 }, { ip: '1.2.3.4' }],
    () => ['Name', { a: 1 }],
    () => ['Name', { a: 1 }, { ip: '1.2.3.4' }],
    () => ['Category', 'Name', { a: 1 }],
    () => ['Category', 'Name', { a: 1 }, { ip: '1.2.3.4' }],
    (done) => ['Category', 'Name', { a: 1 }, { ip: '1.2.3.4' }, done],
    (done) => [done],
    () => [null, 'Name', null, { ip: '1.2.3.4' }],
    () => ['', ''],
    () => [{ title: 'Other', url: null, path: undefined, search: '' }],
    () => ['Name', { name: 'mine', category: 'mine' }],
    () => ['Category', 'Name', { name: 'mine', category: 'mine' }],
  ],
  screen: [
    () => [],
    () => ['Name'],
    () => ['Category', 'Name', { a: 1 }, { ip: '1.2.3.4' }],
    () => ['Name', { title: 'Other' }],
    (done) => ['Category', 'Name', done],
  ],
  identify: [
    () => [],
    () => ['u'],
    () => [7],
    () => ['u', { a: 1 }],
    () => [{ a: 1 }],
    () => [{ a: 1 }, { ip: '1.2.3.4' }],
    () => [null, { a: 1 }],
    () => ['u', { a: 1 }, { ip: '1.2.3.4' }],
    () => ['u', null, { ip: '1.2.3.4' }],
    (done) => ['u', done],
    (done) => [{ a: 1 }, done],
    (done) => ['u', { a: 1 }, { ip: '1.2.3.4' }, done],
    () => ['u', { nested: { deep: [1, { x: 2 }] }, on: new Date(0) }],
  ],
  group: [
    () => ['g'],
    () => [7],
    () => ['g', { a: 1 }],
    () => [{ a: 1 }],
    () => [null, { a: 1 }],
    () => ['g', { a: 1 }, { ip: '1.2.3.4' }],
    (done) => ['g', { a: 1 }, done],
    () => [null],
  ],
  alias: [
    () => ['to'],
    () => ['to', 'from'],
    () => [1, 2],
    () => ['to', { ip: '1.2.3.4' }],
    () => ['to', 'from', { ip: '1.2.3.4' }],
    (done) => ['to', done],
    (done) => ['to', 'from', { ip: '1.2.3.4' }, done],
    () => ['to', null],
  ],
}

type Method = 'track' | 'page' | 'screen' | 'identify' | 'group' | 'alias'

async function call(page: Page, of: 'the client' | 'load', method: Method, given: Given) {
  const client = of === 'load' ? page.load() : await page.start()
  const called: number[] = []
  const seen: unknown[] = []
  for (const name of ['track', 'page', 'screen', 'identify', 'group', 'alias']) {
    client.on(name, (...args) => seen.push([name, ...args]))
  }
  const args = given(() => called.push(Date.now()))
  const end = await page.settled(callOf(client, method, args))
  return {
    end,
    seen,
    called: called.length,
    sent: page.sent().map(({ sentAt, timestamp, ...event }) => event),
  }
}

describe.each(['the client', 'load'] as const)('calls of what is %s', (of) => {
  for (const [method, givens] of Object.entries(overloads)) {
    for (const given of givens) {
      agrees(`${method}(${named(given(callback))})`, (page) => call(page, of, method as Method, given))
    }
  }
})

describe('a page context as the last argument', () => {
  const bpc = {
    __t: 'bpc',
    c: undefined,
    p: '/earlier',
    u: 'https://www.example.com/earlier#x',
    s: '?q',
    t: 'Earlier',
    r: 'r',
  }
  const calls: [Method, unknown[]][] = [
    ['track', ['E']],
    ['page', ['Name']],
    ['screen', ['Name']],
    ['identify', ['u']],
    ['group', ['g']],
    ['alias', ['to']],
  ]
  for (const [method, args] of calls) {
    agrees(`is where ${method} happened`, (page) => call(page, 'the client', method, () => [...args, bpc]))
  }

  const shapes: Record<string, unknown> = {
    'with a canonical address': { ...bpc, c: 'https://canon.example.com/c?x=1' },
    'with a canonical path': { ...bpc, c: 'canon' },
    'with keys missing': { __t: 'bpc', p: '/p', u: 'https://a.example.com/p' },
    'with a key too many': { ...bpc, x: 1 },
    'with another mark': { ...bpc, __t: 'other' },
  }
  for (const [name, shape] of Object.entries(shapes)) {
    agrees(name, (page) => call(page, 'the client', 'track', () => ['E', { a: 1 }, shape]))
  }
})
