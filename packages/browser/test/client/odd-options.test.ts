/** Pages in plain JavaScript may give anything: what is no value of an option counts as not given. */
import { describe, expect, it } from 'vitest'
import { AnalyticsBrowser, type InitOptions } from '../../src'
import { startServer } from './support/fake-server'
import { load, settled, useFreshPages, writeKey } from './support/start-page'

useFreshPages()

const broken = () => {
  throw new TypeError('broken')
}

describe('an event arrives though', () => {
  it.each<[string, object]>([
    ['cookie is null', { cookie: null }],
    ['user and group are null', { user: null, group: null }],
    ['storage is null', { storage: null }],
    ['store is null', { store: null }],
    ['store has no methods', { store: {} }],
    ['store throws', { store: { get: broken, set: broken, remove: broken, keys: broken } }],
    ['store answers numbers', { store: { get: () => 4, set: () => true, remove() {}, keys: () => [4] } }],
    [
      'store answers promises',
      { store: { async get() {}, async set() {}, async remove() {}, async keys() {} } },
    ],
    ['updateCDNSettings is off', { updateCDNSettings: false }],
    ['updateCDNSettings leaves no integrations', { updateCDNSettings: () => ({}) }],
    ['apiHost is null', { integrations: { 'Segment.io': { apiHost: null, protocol: null } } }],
    ['apiHost is empty', { integrations: { 'Segment.io': { apiHost: '' } } }],
  ])('%s', async (_, options) => {
    const server = startServer()
    const analytics = load(options as InitOptions)

    analytics.track('A')
    await settled()

    expect(server.names).toEqual(['A'])
    expect(server.requests[0]?.url).toBe('https://api.segment.io/v1/t')
  })

  it('the options are null', async () => {
    const server = startServer()

    AnalyticsBrowser.load({ writeKey }, null as never).track('A')
    await settled()

    expect(server.names).toEqual(['A'])
  })
})

it('options that cannot be read are told by a rejection, not by an exception', async () => {
  startServer()
  const options = Object.defineProperty({}, 'initialPageview', { get: broken, enumerable: true })

  await expect(AnalyticsBrowser.load({ writeKey }, options)).rejects.toThrow('broken')
})

it('properties that throw when they are read make no call throw', async () => {
  startServer()

  const tracked = load().track('A', new Proxy({}, { get: broken }))

  await expect(tracked).rejects.toThrow('broken')
})
