/** The library's own snippet and classic script: where they lie, what pages allow them, what they are told. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { createSnippet } from '../src/snippet'
import {
  classicDestination,
  remoteDestination,
  startSnippetScene,
  untilReplaced,
} from './support/start-snippet-scene'

const writeKey = 'dev'

/** Pages may break no rule but this one, which is broken on purpose: so we know that reports come. */
async function expectNoBrokenRule({ reports }: { reports: readonly string[] }) {
  const broken = () =>
    reports.map((report) => new URL(JSON.parse(report)['csp-report']['blocked-uri']).pathname)
  await expect.poll(broken).toContain('/forbidden.png')
  expect(broken()).toEqual(['/forbidden.png'])
}

const breakRule = '<script nonce="abc">onload = () => { new Image().src = "/forbidden.png" }</script>'

const policies = [
  {
    name: 'a nonce alone',
    policy: () => "script-src 'nonce-abc'",
    snippet: {},
  },
  {
    name: "a nonce and 'strict-dynamic'",
    policy: () => "script-src 'nonce-abc' 'strict-dynamic'",
    snippet: {},
  },
  {
    name: 'a nonce for the page and the host of the library',
    policy: (cdnURL: string) => `script-src 'nonce-abc' ${cdnURL}/`,
    snippet: { nonce: 'not-the-one' },
  },
  {
    name: 'Trusted Types',
    policy: () => "script-src 'nonce-abc'; require-trusted-types-for 'script'; trusted-types sluice",
    snippet: {},
  },
]

describe.each(policies)('on a page that allows scripts by $name', ({ policy, snippet }) => {
  it('works, with its chunks and with destinations of the page, and breaks no rule', async () => {
    const scene = await startSnippetScene({
      settings: { remotePlugins: [remoteDestination], integrations: classicDestination },
      headers: ({ cdnURL, apiURL }) => ({
        'content-security-policy': `default-src 'none'; ${policy(cdnURL)}; connect-src ${apiURL} ${cdnURL}/; report-uri /reports`,
      }),
      html: ({ cdnURL }) => `<!doctype html><title>Strict</title>${breakRule}
        <script nonce="abc">${createSnippet({ writeKey, host: cdnURL, ...snippet })}
          analytics.track('Strict', { revenue: '$9.50' })
          analytics.ready(() => document.querySelector('a').click())
        </script>
        <body><a href="#clicked">Read</a>
        <script nonce="abc">analytics.trackLink(document.querySelector('a'), 'Clicked')</script>`,
    })

    const page = await scene.open()
    await untilReplaced(page)
    await scene.api.waitFor({ event: 'Strict' })
    await expect.poll(() => page.evaluate('window.vendorGot')).toContain('Strict')
    await expect.poll(() => page.evaluate('window.classicGot')).toContainEqual(['Strict', 9.5])
    // In a chunk of its own.
    await expect.poll(() => scene.asked.filter((path) => path.includes('/sluice-track-links')).length).toBe(1)

    await expectNoBrokenRule(scene)
    expect(scene.told.filter((text) => !text.includes('forbidden.png'))).toEqual([])
  })
})

describe('given the hash of the script', () => {
  const sha384 = async () => {
    const file = await readFile(join(inject('scripts'), 'standalone/sluice.min.js'))
    return `sha384-${createHash('sha384').update(file).digest('base64')}`
  }

  it('runs that script', async () => {
    const integrity = await sha384()
    const scene = await startSnippetScene({
      html: ({ cdnURL }) =>
        `<title>Safe</title><script>${createSnippet({ writeKey, host: cdnURL, integrity })}</script>`,
    })

    await untilReplaced(await scene.open())

    await scene.api.waitFor({ type: 'page' })
  })

  it('runs no other', async () => {
    const integrity = `sha384-${createHash('sha384').update('other').digest('base64')}`
    const scene = await startSnippetScene({
      html: ({ cdnURL }) =>
        `<title>Safe</title><script>${createSnippet({ writeKey, host: cdnURL, integrity })}</script>`,
    })

    const page = await scene.open()
    await expect.poll(() => scene.told.join()).toContain('integrity')

    expect(await page.evaluate('Array.isArray(analytics)')).toBe(true)
  })
})

describe('a first event', () => {
  it('needs the script, its client and the settings, and nothing that is loaded later', async () => {
    const standard = {
      integrations: { 'Segment.io': { deliveryStrategy: { strategy: 'standard' as const } } },
    }
    const scene = await startSnippetScene({
      html: ({ cdnURL }) =>
        `<title>First</title><script>${createSnippet({ writeKey, host: cdnURL, load: standard })}</script>`,
    })
    scene.hold(/\/sluice-(?!client-)/)

    await scene.open()

    await scene.api.waitFor({ type: 'page' })
    // What was asked for besides has not come yet.
    const needed = scene.asked.filter((path) => !/\/sluice-(?!client-)/.test(path))
    expect(needed.map((path) => path.replace(/client-[\w-]+\.js$/, 'client.js')).sort()).toEqual([
      `/analytics.js/v1/${writeKey}/analytics.min.js`,
      `/analytics.js/v1/${writeKey}/sluice-client.js`,
      `/v1/projects/${writeKey}/settings`,
    ])
  })
})

describe.each([
  { name: 'two sources on one page', policy: '' },
  {
    name: 'two sources on one page with Trusted Types',
    policy: "require-trusted-types-for 'script'; trusted-types sluice 'allow-duplicates'",
  },
])('$name', ({ policy }) => {
  it('have a client each, under its own name, with its own calls', async () => {
    const scene = await startSnippetScene({
      headers: () => ({ 'content-security-policy': policy }),
      html: ({ cdnURL }) => `<title>Two</title>
        <script>
          ${createSnippet({ writeKey: 'one', host: cdnURL, page: false })}
          analytics.track('Of One')
        </script>
        <script>
          ${createSnippet({ writeKey: 'two', host: cdnURL, globalKey: 'shopAnalytics', page: false })}
          shopAnalytics.track('Of Two')
        </script>`,
    })

    const page = await scene.open()
    await untilReplaced(page)
    await untilReplaced(page, 'shopAnalytics')

    const arrived = await scene.arrived(2)
    expect(arrived.map(({ writeKey, event }) => `${writeKey}: ${event}`).sort()).toEqual([
      'one: Of One',
      'two: Of Two',
    ])
    expect(scene.told).toEqual([])
  })
})

describe('given Trusted Types', () => {
  const headers = () => ({
    'content-security-policy': "require-trusted-types-for 'script'; trusted-types sluice",
  })

  it('the page can load the library again when it could not be had', async () => {
    const scene = await startSnippetScene({
      headers,
      html: ({ cdnURL }) => `<title>Again</title>
        <script>${createSnippet({ writeKey, host: cdnURL, page: false })}
          analytics.track('Kept')
        </script>`,
    })
    scene.miss(/\.min\.js$/)
    const page = await scene.open()
    await expect.poll(() => scene.told.join()).toContain('404')

    await page.evaluate(`analytics.load('dev')`)
    await untilReplaced(page)

    expect((await scene.arrived(1)).map(({ event }) => event)).toEqual(['Kept'])
  })

  it('the second snippet of a page that allows one policy keeps its calls, and throws nothing', async () => {
    const scene = await startSnippetScene({
      headers,
      html: ({ cdnURL }) => `<title>Two</title>
        <script>${createSnippet({ writeKey: 'one', host: cdnURL, page: false })}
          analytics.track('Of One')
        </script>
        <script>${createSnippet({ writeKey: 'two', host: cdnURL, globalKey: 'two', page: false })}
          two.track('Of Two')
        </script>`,
    })

    const page = await scene.open()
    await untilReplaced(page)

    expect((await scene.arrived(1)).map(({ event }) => event)).toEqual(['Of One'])
    expect(await page.evaluate('two.map(([method, event]) => [method, event])')).toEqual([
      ['track', 'Of Two'],
    ])
    expect(scene.told.filter((text) => text.startsWith('uncaught'))).toEqual([])
    // What the browser says of the policy, and what the snippet could not do therefore.
    expect(scene.told.join()).toContain('TrustedScriptURL')
  })
})

describe('a document of XHTML without a head', () => {
  it('gets the library and its chunks', async () => {
    const scene = await startSnippetScene({
      settings: { remotePlugins: [remoteDestination] },
      headers: () => ({ 'content-type': 'application/xhtml+xml' }),
      html: ({ cdnURL }) => `<html xmlns="http://www.w3.org/1999/xhtml"><body><script>//<![CDATA[
        ${createSnippet({ writeKey, host: cdnURL })}
      //]]></script></body></html>`,
    })

    const page = await scene.open()
    await untilReplaced(page)
    await page.evaluate(`analytics.track('Read')`)

    await expect.poll(() => page.evaluate('window.vendorGot')).toContain('Read')
    expect(scene.told).toEqual([])
  })
})

describe('a script element alone', () => {
  it('tells the library everything by its attributes', async () => {
    const scene = await startSnippetScene({
      html: ({ cdnURL, apiURL }) => `<title>Alone</title>
        <script>(window.analytics ||= []).push(['track', 'Before'])</script>
        <script async src="${cdnURL}/sluice.min.js" data-write-key="dev" data-cdn="${cdnURL}" data-api-host="${apiURL}/v1"></script>`,
    })

    const page = await scene.open()
    await untilReplaced(page)
    await page.evaluate(`analytics.push(['track', 'After'])`)

    const arrived = await scene.arrived(2)
    expect(arrived.map(({ event }) => event)).toEqual(['Before', 'After'])
    expect(scene.asked).toContain('/v1/projects/dev/settings')
  })

  it('tells it the same as a module, which cannot see its own element', async () => {
    const scene = await startSnippetScene({
      html: ({ cdnURL }) => `<title>Module</title>
        <script>(window.shop ||= []).push(['track', 'Before'])</script>
        <script type="module" crossorigin src="${cdnURL}/lib/sluice.min.js" data-write-key="dev" data-cdn="${cdnURL}"
          data-global-segment-analytics-key="shop"></script>`,
    })

    const page = await scene.open('/deep/page')
    await untilReplaced(page, 'shop')

    const [first] = await scene.arrived(1)
    expect([first?.event, first?.writeKey]).toEqual(['Before', 'dev'])
    // Chunks lie next to it, not next to the page.
    const chunks = scene.asked.filter((path) => path.includes('/sluice-'))
    expect(chunks).not.toEqual([])
    expect(chunks.filter((path) => !path.startsWith('/lib/'))).toEqual([])
  })

  it('takes write key and CDN from its address, as snippets of the first generations need it', async () => {
    const scene = await startSnippetScene({
      html: () => `<title>Old</title>
        <script>window.analytics = [['track', 'Before']]</script>
        <script async src="https://cdn.segment.com/analytics.js/v1/from-address/analytics.min.js"></script>`,
    })

    await untilReplaced(await scene.open())

    const [first] = await scene.arrived(1)
    expect([first?.event, first?.writeKey]).toEqual(['Before', 'from-address'])
    expect(scene.asked).toContain('/v1/projects/from-address/settings')
  })
})

describe('a click before the code that takes care of links is there', () => {
  const html = ({ cdnURL }: { cdnURL: string }) => `<!doctype html><title>Soon</title>
    <script>${createSnippet({ writeKey, host: cdnURL, page: false })}</script>
    <a href="#part">Part</a>
    <script>analytics.trackLink(document.querySelector('a'), 'Clicked', ({ hash }) => ({ hash }))</script>`
  const chunk = /\/sluice-track-links/

  it('is tracked, and so are those afterwards, each once', async () => {
    const scene = await startSnippetScene({ html })
    const release = scene.hold(chunk)
    const page = await scene.open()
    await expect.poll(() => scene.asked.some((path) => chunk.test(path))).toBe(true)

    await page.click('a')
    const loaded = page.waitForResponse(chunk)
    release()
    await (await loaded).finished()
    await page.click('a')
    await page.evaluate(`analytics.track('Last')`)

    const arrived = await scene.arrived(3)
    expect(arrived.map(({ event, payload }) => [event, payload.properties])).toEqual([
      ['Clicked', { hash: '#part' }],
      ['Clicked', { hash: '#part' }],
      ['Last', {}],
    ])
  })

  it('is tracked where that code cannot be had at all', async () => {
    const scene = await startSnippetScene({ html })
    scene.miss(chunk)
    const page = await scene.open()
    await expect.poll(() => scene.told.join()).toContain('The rest of trackLink could not be loaded')

    await page.click('a')

    expect((await scene.arrived(1)).map(({ event }) => event)).toEqual(['Clicked'])
  })
})

describe('options of load', () => {
  it('may hold functions where a script of the page sets them', async () => {
    const scene = await startSnippetScene({
      html: ({ cdnURL }) => `<title>Functions</title>
        <script>
          ${createSnippet({ writeKey, host: cdnURL, load: false, page: false })}
          analytics.track('Asked')
          analytics.load('dev', {
            disable: ({ integrations }) => { window.seen = Object.keys(integrations); return false },
          })
        </script>`,
    })

    const page = await scene.open()
    await untilReplaced(page)

    await scene.api.waitFor({ event: 'Asked' })
    expect(await page.evaluate('seen')).toEqual(['Segment.io'])
  })

  it('that disable the library leave a client that does nothing', async () => {
    const scene = await startSnippetScene({
      html: ({ cdnURL }) => `<title>Disabled</title>
        <script>${createSnippet({ writeKey, host: cdnURL, load: { disable: true } })}</script>`,
    })

    const page = await scene.open()
    await untilReplaced(page)
    await page.evaluate(`analytics.track('Never')`)

    expect(await page.evaluate('[document.cookie, localStorage.length]')).toEqual(['', 0])
    expect(scene.asked.filter((path) => path.includes('/settings'))).toEqual([])
    expect(await scene.api.events()).toEqual([])
  })
})

describe('settings that cannot be had', () => {
  it('cost no event', async () => {
    const scene = await startSnippetScene({
      html: ({ cdnURL, apiURL }) => `<title>Unset</title>
        <script>${createSnippet({
          writeKey,
          src: `${cdnURL}/sluice.min.js`,
          load: { integrations: { 'Segment.io': { apiHost: `${apiURL}/v1` } } },
        })}
          analytics._cdn = '${apiURL}/nowhere'
        </script>`,
    })

    await untilReplaced(await scene.open())

    await scene.api.waitFor({ type: 'page' })
  })
})
