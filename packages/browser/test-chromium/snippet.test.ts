/** Pages with Segment's snippet, as they are today, with this library in the place of Segment's. */
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { startSnippetScene, untilReplaced } from './support/start-snippet-scene'

/** What a generation of snippets can do, as far as tests have to know. */
interface Generation {
  version: string
  /** It tells on which page a call was made. */
  tellsPage?: boolean
}

const generations: Generation[] = [
  { version: '4.0.1' },
  { version: '4.13.1' },
  { version: '4.15.3' },
  { version: '4.16.2' },
  { version: '5.0.1', tellsPage: true },
  { version: '5.2.0', tellsPage: true },
  { version: '5.2.1', tellsPage: true },
]

interface SnippetOptions {
  apiKey: string
  host?: string
  page?: boolean
  load?: boolean | object
  globalAnalyticsKey?: string
}

const require = createRequire(import.meta.url)

function snippet(version: string, options: SnippetOptions): string {
  const { min }: { min(options: SnippetOptions): string } = require(`snippet-${version}`)
  return min(options)
}

/** On one page and the next, before and after the visitor is known. */
const calls = `
  window.remembered = analytics
  window.stub = analytics.track
  analytics.track('A')
  analytics.page('P')
  history.pushState({}, '', '/second')
  document.title = 'Second'
  analytics.track('B')
  analytics.identify('u1', { plan: 'free' })
  analytics.track('C', { total: 9.5 })
`

describe.each(generations)('given snippet $version', ({ version, tellsPage = false }) => {
  const html = () => `<!doctype html><title>First</title>
    <script>${snippet(version, { apiKey: 'dev', page: false })}</script>
    <script>${calls}</script>`

  it('makes the calls in their order, each with its visitor and page, whether the library was there or not', async () => {
    const scene = await startSnippetScene({ html })
    const release = scene.hold(/^\/v1\/projects\//)
    const page = await scene.open('/first')
    await expect.poll(() => scene.asked.at(-1)).toBe('/v1/projects/dev/settings')
    await page.evaluate(`analytics.track('D'); stub('E'); remembered.push(['track', 'F'])`)
    release()

    const arrived = await scene.arrived(8)

    const first = { path: tellsPage ? '/first' : '/second', title: tellsPage ? 'First' : 'Second' }
    const second = { path: '/second', title: 'Second' }
    expect(
      arrived.map(({ payload: { type, event, name, userId, context } }) => {
        const { path, title } = Object(context.page)
        return { call: [type, event ?? name].join(' ').trim(), userId: userId ?? null, path, title }
      }),
    ).toEqual([
      { call: 'track A', userId: null, ...first },
      { call: 'page P', userId: null, ...first },
      { call: 'track B', userId: null, ...second },
      { call: 'identify', userId: 'u1', ...second },
      { call: 'track C', userId: 'u1', ...second },
      { call: 'track D', userId: 'u1', ...second },
      { call: 'track E', userId: 'u1', ...second },
      { call: 'track F', userId: 'u1', ...second },
    ])
    expect(new Set(arrived.map(({ anonymousId }) => anonymousId)).size).toBe(1)
    await untilReplaced(page)
    expect(scene.told).toEqual([])
  })

  it('takes calls of those who hold the snippet’s list from before', async () => {
    const scene = await startSnippetScene({ html })
    const page = await scene.open()
    await untilReplaced(page)

    const isPromise = await page.evaluate(`
      remembered.push(['track', 'Pushed'])
      stub('Remembered Stub')
      remembered.track('Stub') instanceof Promise`)

    const names = (await scene.arrived(8)).map(({ event }) => event)
    expect(names).toEqual(expect.arrayContaining(['Pushed', 'Remembered Stub', 'Stub']))
    expect(isPromise).toBe(true)
    expect(scene.told).toEqual([])
  })
})

describe('two sources on one page, each with a CDN', () => {
  it('have settings from their own', async () => {
    const snippetOf = (name: string) =>
      snippet('5.2.1', { apiKey: name, host: `cdn.${name}.test`, globalAnalyticsKey: name, page: false })
    const scene = await startSnippetScene({
      html: () => `<title>Two</title>
        <script>${snippetOf('one')}; one.track('Of One')</script>
        <script>${snippetOf('two')}; two.track('Of Two')</script>`,
    })

    const page = await scene.open()
    await untilReplaced(page, 'one')
    await untilReplaced(page, 'two')

    const arrived = await scene.arrived(2)
    expect(arrived.map(({ writeKey, event }) => `${writeKey}: ${event}`).sort()).toEqual([
      'one: Of One',
      'two: Of Two',
    ])
    expect(scene.asked.filter((path) => path.endsWith('/settings')).sort()).toEqual([
      'cdn.one.test/v1/projects/one/settings',
      'cdn.two.test/v1/projects/two/settings',
    ])
  })
})
