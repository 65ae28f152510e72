/** What the next page makes of an outbox that holds something else than sound events. */
import { describe, expect, it } from 'vitest'
import { type Context, ContextCancelation, type InitOptions } from '../../src'
import { startServer } from './support/fake-server'
import {
  advance,
  errorsOf,
  leavePage,
  load,
  outbox,
  plugin,
  settled,
  useFreshPages,
  writeKey,
} from './support/start-page'

useFreshPages()

const root = `sluice:outbox:v1:${writeKey}:gone:`
const sound = (messageId: string) =>
  JSON.stringify({ type: 'track', event: messageId, messageId, properties: {} })
const batching: InitOptions = {
  integrations: {
    'Segment.io': { deliveryStrategy: { strategy: 'batching', config: { size: 10, timeout: 100 } } },
  },
}

function leave(...entries: [id: string, text: string][]): void {
  for (const [index, [id, text]] of entries.entries())
    localStorage.setItem(`${root}${10_000_000 + index}:${id}`, text)
}

describe('an entry of the outbox that is no event', () => {
  const broken: [string, string][] = [
    ['is no JSON', '}]'],
    ['is cut off', sound('x').slice(0, -9)],
    ['is empty', ''],
    ['is a list', '[]'],
    ['is null', 'null'],
    ['has no type', '{"messageId":"x"}'],
    ['is of an unknown type', '{"type":"load","messageId":"x"}'],
    ['is no JSON, before the plugins', 'raw:}]'],
    ['has no type, before the plugins', 'raw:{"messageId":"x"}'],
    [
      'is nested too deeply to be written',
      `raw:{"type":"track","event":"x","properties":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
    ],
  ]

  it.each(broken)('because it %s is taken out and told of, and hurts no other', async (_, text) => {
    leave(['one', sound('one')], ['x', text], ['two', sound('two')])
    const server = startServer()
    const analytics = load(batching)
    const errors = errorsOf(analytics)
    analytics.track('Own')
    await advance(1_000)

    expect(server.names.sort()).toEqual(['Own', 'one', 'two'])
    expect(errors).toMatchObject([
      [{ code: 'delivery_failure', reason: { message: expect.stringContaining('x') } }],
    ])
    expect(outbox()).toEqual([])
  })

  it('though it is followed by blanks is sent as what it is', async () => {
    leave(['one', `${sound('one')} \n`])
    const server = startServer()
    await load(batching)
    await advance(1_000)

    expect(server.names).toEqual(['one'])
  })
})

describe('an event that was kept', () => {
  it.each([
    ['no id', '{"type":"track","event":"A","properties":{}}'],
    ['another id', '{"type":"track","event":"A","messageId":"other","properties":{}}'],
  ])('with %s has the one that it is kept under, and is sent once', async (_, text) => {
    leave(['one', `raw:${text}`], ['two', text])
    const server = startServer()
    await load()
    await settled()
    await leavePage()
    await load()
    await settled()

    expect(server.events.map(({ messageId }) => messageId).sort()).toEqual(['one', 'two'])
    expect(outbox()).toEqual([])
  })

  it('and that plugins hold up on every page is given up at last, and told of', async () => {
    startServer()
    let asked = 0
    const holding = plugin({
      type: 'before',
      track(ctx: Context) {
        asked++
        throw new ContextCancelation({ retry: true, reason: `${ctx.event.event}` })
      },
    })
    const told: unknown[] = []
    load({}, { plugins: [holding] }).track('A')
    await leavePage()
    for (let page = 2; page <= 20; page++) {
      const analytics = load({}, { plugins: [holding] })
      analytics.on('error', ({ code }) => told.push(code))
      await leavePage()
    }

    expect(asked).toBe(10)
    expect(outbox()).toEqual([])
  })

  it('and that kills each page which touches it is given up at last', async () => {
    startServer()
    const never = plugin({ type: 'before', track: () => new Promise<Context>(() => {}) })
    const errors: unknown[] = []
    load({}, { plugins: [never] }).track('A')
    await leavePage()
    for (let page = 2; page <= 12; page++) {
      const analytics = load({}, { plugins: [never] })
      analytics.on('error', (error) => errors.push(error))
      await leavePage()
    }

    expect(errors).toMatchObject([{ code: 'delivery_failure', ctx: { event: { event: 'A' } } }])
    expect(outbox()).toEqual([])
  })
})
