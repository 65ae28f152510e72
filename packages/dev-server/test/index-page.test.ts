import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { startDevServer } from './helpers/start-dev-server'

const asBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

describe('GET /', () => {
  it('is a page of what there is, and every link on it works', async () => {
    const { url, get } = await startDevServer({ writeKeys: ['web'] })

    const { status, headers, body } = await get('/', asBrowser)

    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    const page = String(body)
    expect(page).toContain(`<code>${url}/v1</code>`)
    const links = [...page.matchAll(/href="(\/[^"]*)"/g)].map(([, path]) => String(path))
    expect(links).toContain('/v1/projects/web/settings')
    for (const path of links.filter((one) => one !== '/api/stream')) {
      expect.soft((await get(path)).status, path).toBe(200)
    }
  })

  it('lets its own style work, and nothing else', async () => {
    const { get } = await startDevServer()

    const { headers, body } = await get('/', asBrowser)

    const style = /<style>(.*?)<\/style>/s.exec(String(body))?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    const policy = String(headers.get('content-security-policy'))
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`style-src 'sha256-${hash}'`)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(String(body)).not.toMatch(/(?:src|href)="(?!\/|data:,)/)
  })

  it('shows keys as text', async () => {
    const { get } = await startDevServer({ writeKeys: [`<img src=x>'"&`] })

    const { body } = await get('/', asBrowser)

    expect(body).not.toContain('<img')
    expect(body).toContain('&#60;img')
  })

  it('is JSON for everything that does not ask for a page', async () => {
    const { get } = await startDevServer()

    const { headers, body } = await get('/')

    expect(headers.get('vary')).toBe('accept')
    expect(body).toMatchObject({
      name: '@sluice/dev-server',
      routes: { '/api/events': expect.any(String), '/v1/projects/dev/settings': expect.any(String) },
    })
  })
})
