import { createMemoryStore } from '@sluice/core/internal'
import { createFakeClock, settled } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import { loadSettings } from '../../src/settings/load-settings'

const settings = (apiKey: string) => ({ integrations: { 'Segment.io': { apiKey } }, unknown: { kept: true } })
const fallback = { integrations: { 'Segment.io': { apiKey: 'wk' } } }
const key = 'sluice:settings:v1:https://cdn.example:wk'

type Answer = number | string | object | 'hang' | 'down'

function start(...answers: Answer[]) {
  const clock = createFakeClock()
  const cache = createMemoryStore()
  const asked: string[] = []
  const read: number[] = []
  const load = () =>
    loadSettings({
      writeKey: 'wk',
      cdnURL: 'https://cdn.example',
      clock,
      cache,
      async fetch(url) {
        const answer = answers[Math.min(asked.length, answers.length - 1)]
        asked.push(url)
        if (answer === 'hang') return new Promise(() => {})
        if (answer === 'down') throw new Error('Failed to fetch')
        const status = typeof answer === 'number' ? answer : 200
        const text =
          typeof answer === 'string'
            ? answer
            : typeof answer === 'number'
              ? 'said no'
              : JSON.stringify(answer)
        return {
          ok: status < 400,
          status,
          async text() {
            read.push(status)
            return text
          },
        }
      },
    })
  return { clock, cache, asked, read, load }
}

describe('the settings of a source', () => {
  it('are read to their end whatever the status, because the browser counts a request as open until then', async () => {
    const { load, clock, read } = start(503, 429, 404)

    const loading = load()
    await clock.advance(10_000)
    await loading

    expect(read).toEqual([503, 429, 404])
  })

  it('come from the CDN on the first visit', async () => {
    const { load, asked } = start(settings('a'))

    expect(await load()).toEqual({ settings: settings('a'), from: 'network' })
    expect(asked).toEqual(['https://cdn.example/v1/projects/wk/settings'])
  })

  it('are those of the last visit afterwards, at once, and new ones are there for the next', async () => {
    const { load, asked } = start(settings('a'), settings('b'))
    await load()

    expect(await load()).toEqual({ settings: settings('a'), from: 'cache' })
    await settled()
    expect(asked).toHaveLength(2)
    expect(await load()).toEqual({ settings: settings('b'), from: 'cache' })
  })

  it('are written only when they have changed', async () => {
    const { load, cache } = start(settings('a'))
    await load()
    let writes = 0
    const set = cache.set
    cache.set = (name, value) => {
      writes++
      return set(name, value)
    }
    await load()
    await settled()

    expect(writes).toBe(0)
  })

  it('do not suffer from a CDN that fails in the background', async () => {
    const { load, cache } = start(settings('a'), 'down')
    await load()
    await load()
    await settled()

    expect(await load()).toEqual({ settings: settings('a'), from: 'cache' })
    expect(cache.get(key)).toBe(JSON.stringify(settings('a')))
  })

  it.each(['', '{', '[]', '{"integrations":null}', 'null'])(
    'that were kept as %j are asked for anew',
    async (text) => {
      const { load, cache } = start(settings('a'))
      cache.set(key, text)

      expect(await load()).toMatchObject({ from: 'network' })
    },
  )

  it.each<[string, object]>([
    ['json alone', { ok: true, status: 200, json: async () => settings('a') }],
    ['json and ok', { ok: true, json: async () => settings('a') }],
    ['json and a status', { status: 200, json: async () => settings('a') }],
    ['text and ok', { ok: true, text: async () => JSON.stringify(settings('a')) }],
    ['text that was read already', { ok: true, text: async () => settings('a') }],
  ])('come from a stand-in for `fetch` whose answers have %s', async (_, answer) => {
    const { clock, cache } = start()
    const asked: string[] = []
    const loaded = await loadSettings({
      writeKey: 'wk',
      cdnURL: 'https://cdn.example',
      clock,
      cache,
      async fetch(url) {
        asked.push(url)
        return answer
      },
    })

    expect(loaded).toEqual({ settings: settings('a'), from: 'network' })
    expect(asked).toHaveLength(1)
  })

  it('are asked for again when the CDN fails in passing', async () => {
    const { load, clock, asked } = start(503, 'down', settings('a'))
    const loading = load()
    await clock.advance(199)
    expect(asked).toHaveLength(1)
    await clock.advance(1_001)

    expect(await loading).toEqual({ settings: settings('a'), from: 'network' })
    expect(clock.timers).toBe(0)
  })

  it.each([['hang'], ['down'], [500], [429]] as const)(
    'are the least that delivers when the CDN can’t be had (%s)',
    async (answer) => {
      const { load, clock, asked } = start(answer)
      const loading = load()
      await clock.advance(60_000)

      expect(await loading).toEqual({
        settings: fallback,
        from: 'fallback',
        reason: expect.any(Error),
        askOn: expect.any(Function),
      })
      expect(asked).toHaveLength(3)
      expect(clock.timers).toBe(0)
    },
  )

  it.each([404, 403, 'not json', '{}'])('are not asked for again when the answer is %j', async (answer) => {
    const { load, asked } = start(answer)

    expect(await load()).toMatchObject({ settings: fallback, from: 'fallback' })
    expect(asked).toHaveLength(1)
  })

  it('are not kept when they are very large', async () => {
    const { load, cache } = start({ ...settings('a'), much: 'x'.repeat(300_000) })
    await load()

    expect(cache.keys('')).toEqual([])
  })

  it.each([
    { remotePlugins: [{ url: 'https://evil.example/evil.js' }] },
    { enabledMiddleware: { evil: true } },
    { integrations: { 'Segment.io': {}, 'Google Tag Manager': { containerId: 'evil' } } },
  ])('that were kept are not used at once when they name what runs in the page: %j', async (more) => {
    const { load, cache } = start(settings('a'))
    cache.set(key, JSON.stringify({ ...settings('kept'), ...more }))

    expect(await load()).toEqual({ settings: settings('a'), from: 'network' })
  })

  it('that were kept serve to deliver alone when the CDN fails, whatever they name', async () => {
    const { load, clock, cache } = start('down')
    cache.set(key, JSON.stringify({ ...settings('kept'), remotePlugins: [{ url: 'https://evil.example/' }] }))
    const loading = load()
    await clock.advance(60_000)

    expect(await loading).toMatchObject({ from: 'fallback' })
    expect((await loading).settings).toEqual({ integrations: settings('kept').integrations })
  })

  it('can be asked for until they come, less and less often', async () => {
    const { load, clock, asked } = start(404, 404, 503, 'down', settings('late'))
    const { askOn } = await load()
    const found = askOn?.()
    await clock.advance(5_000 + 10_000 + 20_000 + 39_999)
    expect(asked).toHaveLength(4)
    await clock.advance(1)

    expect(await found).toEqual(settings('late'))
  })
})
