/** What destinations do to events, to each other, and what an event's `integrations` say of who gets it. */
import { expect, it } from 'vitest'
import { lastEvent, shopping } from '../src/calls'
import { remotePlugin, sourceWith } from '../src/destinations'
import { expectSame } from '../src/same'
import { tally } from '../src/tally'
import type { Call } from '../src/visit-config'

const ga4 = () =>
  remotePlugin('google-analytics-4-web', {
    settings: { measurementID: 'G-1' },
    subscriptions: {
      generateLead: null,
      viewPromotion: null,
      customEvent: { mapping: { name: { '@path': '$.event' }, params: { '@path': '$.properties' } } },
    },
  })
const session = () => remotePlugin('amplitude-plugins', { creationName: 'Actions Amplitude' })
const throttle = () => remotePlugin('segment-utilities-web', { settings: { throttleWindow: 60_000 } })
const heap = () => remotePlugin('heap', { settings: { appId: '1' } })
const braze = () => remotePlugin('braze', { settings: { api_key: 'k', endpoint: 'sdk.iad-01.braze.com' } })

it('every event bears the session of Amplitude, also for its cloud mode', async () => {
  const { events, results } = await expectSame({
    settings: sourceWith([session()], {
      'Segment.io': { addBundledMetadata: true, unbundledIntegrations: ['Actions Amplitude'] },
    }),
    calls: [
      ['page'],
      ['identify', 'u'],
      ['track', 'One'],
      ['group', 'g'],
      ['alias', 'u'],
      ['track', lastEvent],
    ],
  })
  const withSession = { 'Actions Amplitude': { session_id: '(now)' } }
  expect(events.map(({ integrations }) => integrations)).toEqual(events.map(() => withSession))
  expect(results).toHaveLength(6)
  expect(events[0]?._metadata).toMatchObject({ unbundled: ['Actions Amplitude'] })
})

it('the session goes on with the next page of the visit', async () => {
  const { plugins, events } = await expectSame({
    settings: sourceWith([session()]),
    calls: [
      ['track', 'One'],
      ['track', lastEvent],
    ],
    stored: { analytics_session_id: '1600000000000', 'analytics_session_id.last_access': String(Date.now()) },
  })
  expect(plugins.map(({ type }) => type)).toContain('enrichment')
  expect(events.map(({ integrations }) => integrations)).toEqual([
    { 'Actions Amplitude': { session_id: 1_600_000_000_000 } },
    { 'Actions Amplitude': { session_id: 1_600_000_000_000 } },
  ])
})

it('a throttled event goes to destinations and not to the Tracking API', async () => {
  const { vendorCalls, events } = await expectSame({
    settings: sourceWith([ga4(), session(), throttle()]),
    calls: [
      ['track', 'Scrolled', { n: 1 }],
      ['track', 'Scrolled', { n: 2 }],
      ['track', 'Clicked'],
      ['track', 'Scrolled', { n: 3 }, { integrations: { 'Google Analytics 4 Web': false } }],
      ['track', lastEvent],
    ],
  })
  expect(events.map(({ event }) => event)).toEqual(['Scrolled', 'Clicked', lastEvent])
  expect(tally(vendorCalls)).toMatchObject({
    'dataLayer.push event Scrolled': 2,
    'dataLayer.push event Clicked': 1,
  })
})

it('Braze is not told again what it knows, and its cloud mode is told so in the event', async () => {
  const { vendorCalls, events } = await expectSame({
    settings: sourceWith([braze(), remotePlugin('braze-cloud-plugins')]),
    calls: [
      ['identify', 'u', { plan: 'Gold' }],
      ['identify', 'u', { plan: 'Gold' }],
      ['identify', 'u', { plan: 'Silver' }],
      ['identify', 'v', { plan: 'Silver' }],
      ['track', lastEvent],
    ],
  })
  expect(tally(vendorCalls)).toMatchObject({ 'braze.changeUser': 3 })
  const sends = events.map(({ integrations }) =>
    Reflect.get(Object(integrations), 'Braze Cloud Mode (Actions)'),
  )
  expect(sends).toEqual([true, false, true, true, undefined])
})

it('a destination is switched on and off for an event by its name, by that of an action, and with all others', async () => {
  const only = { All: false, 'Segment.io': true }
  const settings: Record<string, object> = {
    'Off by name': { 'Heap Web (Actions)': false },
    'Off by action': { 'Heap Web (Actions) trackEvent': false },
    'Off with all': { All: false },
    'On by name': { All: false, 'Heap Web (Actions)': true },
    'On by action': { All: false, 'Heap Web (Actions) trackEvent': true },
    'On by settings': { ...only, 'Heap Web (Actions)': { appId: '2' } },
    'Off by name, on by action': { 'Heap Web (Actions)': false, 'Heap Web (Actions) trackEvent': true },
    'On by name, off by action': { 'Heap Web (Actions)': true, 'Heap Web (Actions) trackEvent': false },
    'On, Tracking API off': { 'Segment.io': false },
  }
  const { vendorCalls, events } = await expectSame({
    settings: sourceWith([heap(), session(), ga4()]),
    calls: [
      ...Object.entries(settings).map(([name, integrations]): Call => ['track', name, {}, { integrations }]),
      ['identify', 'u', { a: 1 }, { integrations: { 'Heap Web (Actions) trackEvent': false } }],
      ['track', lastEvent],
    ],
  })
  const tracked = vendorCalls.flatMap(({ call, args }) => (call === 'heap.track' ? [args[0]] : []))
  expect(tracked).toEqual([
    'On by name',
    'On by action',
    'On by settings',
    'On by name, off by action',
    'On, Tracking API off',
    lastEvent,
  ])
  expect(tally(vendorCalls)).toMatchObject({ 'heap.identify': 1 })
  expect(events).toHaveLength(10)
})

it.each([
  { 'Heap Web (Actions)': false },
  { All: false, 'Amplitude (Actions)': true, 'Segment.io': true },
  { 'Heap Web (Actions)': { appId: 'of the page', secureCookie: true } },
])('destinations are chosen and set up by the options of the page: %j', async (integrations) => {
  await expectSame({
    settings: sourceWith([heap(), session(), throttle()]),
    options: { integrations },
    calls: [
      ['identify', 'u', { a: 1 }],
      ['track', 'One'],
      ['track', 'One'],
      ['track', lastEvent],
    ],
  })
})

it('the metadata of events tells which destinations are on the page', async () => {
  const { events } = await expectSame({
    settings: sourceWith([heap(), session()], {
      'Segment.io': {
        addBundledMetadata: true,
        unbundledIntegrations: ['Actions Amplitude', 'Webhooks'],
        bundledConfigIds: ['1'],
        unbundledConfigIds: ['2'],
        maybeBundledConfigIds: { 'Heap Web (Actions)': ['3', '4'], Other: ['5'] },
      },
    }),
    options: { integrations: { Webhooks: true } },
    calls: [
      ['track', 'One', {}, { integrations: { 'Heap Web (Actions)': false } }],
      ['track', lastEvent],
    ],
  })
  expect(events[0]?._metadata).toHaveProperty('bundled')
})

it('filters of the source change and drop events for one destination, of either generation', async () => {
  const rule = (destinationName: string, ir: unknown, transformer: { type: string; config?: object }) => ({
    scope: 'destinations',
    target_type: 'workspace::project::destination::config',
    destinationName,
    matchers: [{ type: 'fql', ir: JSON.stringify(ir) }],
    transformers: [[transformer]],
  })
  const named = (event: string) => ['=', 'event', { value: event }]
  const ofType = (type: string) => ['=', 'type', { value: type }]
  const rules = ['Heap Web (Actions)', 'Amplitude'].flatMap((name) => [
    rule(name, named('Signed Up'), { type: 'drop' }),
    rule(name, ofType('track'), { type: 'drop_properties', config: { drop: { properties: ['price'] } } }),
    rule(name, ofType('identify'), { type: 'allow_properties', config: { allow: { traits: ['plan'] } } }),
    rule(name, named('Signed Out'), {
      type: 'map_properties',
      config: {
        map: { 'properties.why': { copy: 'properties.reason' }, 'properties.by': { set: 'filter' } },
      },
    }),
  ])
  const { vendorCalls, events } = await expectSame({
    settings: {
      ...sourceWith([heap(), ga4()], { Amplitude: { type: 'browser', apiKey: 'k' } }),
      middlewareSettings: { routingRules: rules },
    },
    calls: shopping,
  })
  const received = JSON.stringify(vendorCalls.filter(({ call }) => /^(heap|amplitude)/.test(call)))
  expect(received).not.toContain('Signed Up')
  expect(received).not.toContain('ada@example.com')
  expect(received).toContain('"why":"tired","by":"filter"')
  expect(events.map(({ event }) => event)).toContain('Signed Up')
})
