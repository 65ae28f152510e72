import { afterEach, describe, expect, it } from 'vitest'
import type { InitOptions, MiddlewareFunction } from '../../src'
import { startServer, usualSettings } from '../client/support/fake-server'
import { advance, consoleErrors, load, settled, stateOf, useFreshPages } from '../client/support/start-page'
import { holdScripts } from '../support/held-scripts'

useFreshPages()

const globals = [
  'mask-ipMiddleware',
  'dropMiddleware',
  'late',
  'first',
  'second',
  'failing',
  'hanging',
  'empty',
]
afterEach(() => {
  for (const name of globals) Reflect.deleteProperty(globalThis, `${name}Middleware`)
})

// Scripts are put on the page once for each address: every test has names of its own.
async function openPage(enabledMiddleware: Record<string, boolean>, options: InitOptions = {}) {
  const server = startServer()
  server.settings = { ...usualSettings, enabledMiddleware }
  const scripts = holdScripts()
  const analytics = load(options, { cdnURL: 'https://cdn.test' })
  await settled()
  return { server, scripts, analytics }
}

/** The script leaves this function on the page. */
function leave(name: string, middleware: MiddlewareFunction): void {
  Reflect.set(globalThis, `${name}Middleware`, middleware)
}

const appending =
  (text: string): MiddlewareFunction =>
  ({ payload, next }) => {
    payload.obj.event += text
    next(payload)
  }

describe('middleware that the source has', () => {
  it('is loaded from the CDN, and events wait for it', async () => {
    const { server, scripts, analytics } = await openPage({ '@segment/late': true, off: false })
    const tracked = analytics.track('A')
    await settled()
    expect(scripts.all().map(({ src }) => src)).toEqual([
      'https://cdn.test/next-integrations/middleware/late/latest/late.js.gz',
    ])
    expect(server.requests).toEqual([])

    leave('late', appending(' seen'))
    scripts.fire('load')
    await tracked

    expect(server.names).toEqual(['A seen'])
  })

  it('hides its name where that is asked for', async () => {
    const { scripts } = await openPage({ hidden: true }, { obfuscate: true })

    expect(scripts.all().map(({ src }) => src)).toEqual([
      'https://cdn.test/next-integrations/middleware/aGlkZGVu/latest/aGlkZGVu.js.gz',
    ])
  })

  it('comes together and is run in its order, before that of the page, and is told of the destinations', async () => {
    const { server, scripts, analytics } = await openPage({ first: true, second: true })
    analytics.addSourceMiddleware(appending(' 3'))
    const tracked = analytics.track('A')
    expect(scripts.all()).toHaveLength(2)
    leave('second', appending(' 2'))
    scripts.fire('load', 1)
    let known: unknown
    leave('first', (call) => {
      known = call.integrations
      appending(' 1')(call)
    })
    scripts.fire('load', 0)
    await tracked

    expect(server.names).toEqual(['A 1 2 3'])
    expect(known).toEqual({ 'Segment.io': true })
  })

  it('that cannot be loaded, or leaves no function, is told and done without', async () => {
    const { server, scripts, analytics } = await openPage({ failing: true, empty: true, drop: true })
    scripts.fire('error', 0)
    scripts.fire('load', 0)
    leave('drop', ({ payload, next }) => next(payload.event() === 'B' ? null : payload))
    scripts.fire('load', 1)
    const [client, ctx] = await analytics
    await analytics.track('A')
    await analytics.track('B')

    expect(server.names).toEqual(['A'])
    expect(consoleErrors().map(([text]) => text)).toEqual([
      'The middleware failing could not be loaded',
      'The middleware empty could not be loaded',
    ])
    expect(ctx.logs().filter(({ message }) => message === 'failed_remote_middleware')).toHaveLength(2)
    expect(client.failedInitializations).toEqual([])
  })

  it('that hangs is waited for no longer than for other plugins', async () => {
    const { server, analytics } = await openPage({ hanging: true }, { pluginTimeout: 1_000 })
    const tracked = analytics.track('A')
    await advance(999)
    expect(await stateOf(tracked)).toBe('pending')
    await advance(1)

    expect(server.names).toEqual(['A'])
  })
})
