/** A link or a script may put fields onto the prototype of all objects. They lead neither code nor events astray. */
import { afterEach, describe, expect, it } from 'vitest'
import { holdScripts } from '../support/held-scripts'
import { startServer } from './support/fake-server'
import { load, settled, useFreshPages } from './support/start-page'

useFreshPages()

const evil = 'https://evil.test'

const fields: Record<string, unknown> = {
  cdnURL: evil,
  _cdn: evil,
  cdn: evil,
  apiHost: 'evil.test/v1',
  protocol: 'http',
  disable: true,
  integrations: { All: false },
  'Segment.io': { apiHost: 'evil.test' },
  cdnSettings: { integrations: { 'Segment.io': { apiHost: 'evil.test' } } },
  remotePlugins: [{ name: 'Evil', libraryName: 'evil', url: `${evil}/evil.js`, settings: {} }],
  enabledMiddleware: { evil: true },
  deliveryStrategy: { strategy: 'batching' },
  updateCDNSettings: () => ({ integrations: { 'Segment.io': { apiHost: 'evil.test' } } }),
  store: {},
  plan: { track: { __default: { enabled: false } } },
}

afterEach(() => {
  for (const name of Object.keys(fields)) Reflect.deleteProperty(Object.prototype, name)
})

describe('on the prototype of all objects', () => {
  it.each(Object.keys(fields))('%s decides nothing', async (name) => {
    const server = startServer()
    const scripts = holdScripts()
    Object.defineProperty(Object.prototype, name, { value: fields[name], configurable: true, writable: true })
    const analytics = load()

    analytics.track('A')
    await settled()

    expect(server.names).toEqual(['A'])
    expect(server.requests.map(({ url }) => url)).toEqual(['https://api.segment.io/v1/t'])
    expect(server.settingsRequests).toMatchObject([expect.stringMatching(/^https:\/\/cdn\.segment\.com\//)])
    expect(scripts.all()).toEqual([])
  })
})
