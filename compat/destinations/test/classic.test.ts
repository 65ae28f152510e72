/** Destinations of the first generation, imported by the application or loaded from the CDN. */
import type { CDNSettings } from '@segment/analytics-next'
import { expect, it } from 'vitest'
import { lastEvent, shopping } from '../src/calls'
import { expectSame } from '../src/same'
import { tally } from '../src/tally'
import type { Script } from '../src/visit'
import type { Call } from '../src/visit-config'

const browser = { type: 'browser', versionSettings: { componentTypes: ['browser' as const] } }
const amplitude = { ...browser, apiKey: 'k', trackAllPages: true }
const hotjar = { ...browser, hjid: 42 }

const source = (integrations: CDNSettings['integrations'] | object = {}): CDNSettings => ({
  integrations: { 'Segment.io': { apiKey: 'key', addBundledMetadata: true }, ...integrations },
})
const both = source({ Amplitude: amplitude, Hotjar: hotjar })
const ways: [way: string, given: Partial<Script>][] = [
  ['from npm', { classicFromNPM: ['Amplitude', 'Hotjar'] }],
  ['from the CDN', {}],
]

const visit: Call[] = [
  ...shopping.slice(0, -1),
  [
    'track',
    'Order Completed',
    { order_id: 7, revenue: '$12.50', products: [{ id: 'a', price: 12.5, quantity: 1 }] },
  ],
  [
    'track',
    'Seats Taken',
    { at: '2020-02-03' },
    { integrations: { Amplitude: { groups: { seats: ['a', 'b'] } } } },
  ],
  ['track', 'Nothing for Hotjar', {}, { integrations: { Hotjar: false } }],
  ['track', 'Nothing for either', {}, { integrations: { All: false } }],
  ['track', 'For Amplitude alone', {}, { integrations: { All: false, Amplitude: true } }],
  ['track', lastEvent],
]

it.each(ways)('Amplitude and Hotjar %s receive the same calls', async (_way, given) => {
  const { vendorCalls, plugins } = await expectSame({ settings: both, calls: visit, ...given })
  expect(plugins.filter(({ name }) => ['Amplitude', 'Hotjar'].includes(name))).toHaveLength(2)
  expect(tally(vendorCalls)).toEqual({
    'amplitude.identify': 4,
    'amplitude.instance.init': 1,
    'amplitude.instance.logEvent': 20,
    'amplitude.instance.logEventWithGroups': 1,
    'amplitude.instance.logRevenue': 2,
    'amplitude.instance.setGroup': 1,
    'amplitude.instance.setUserId': 3,
    'amplitude.setDomain': 1,
    'hj event': 10,
    'hj identify': 3,
  })
})

const settingsOfPage: [what: string, script: Partial<Script>][] = [
  ['leaves strings that look like dates as they are', { options: { disableAutoISOConversion: true } }],
  [
    'gives a destination settings that go over those of the source',
    { options: { integrations: { Amplitude: { apiKey: 'of the page', trackAllPages: false } } } },
  ],
  ['hides the names of destinations', { options: { obfuscate: true } }],
  [
    'switches all off but one',
    { options: { integrations: { All: false, Hotjar: true, 'Segment.io': true } } },
  ],
]

it.each(settingsOfPage)('the page %s', async (_what, script) => {
  await expectSame({ settings: both, calls: visit, ...script })
})

const settingsOfSource: [what: string, settings: CDNSettings][] = [
  [
    'has more settings for them',
    source({
      Amplitude: {
        ...amplitude,
        preferAnonymousIdForDeviceId: true,
        trackReferrer: true,
        useLogRevenueV2: true,
        trackRevenuePerProduct: true,
        traitsToIncrement: ['logins'],
        traitsToSetOnce: ['plan'],
        appendFieldsToEventProps: { 'context.page.title': 'title', 'properties.AUTHOR.Name': 'author' },
        mapQueryParams: { utm: 'user_properties' },
      },
    }),
  ],
  [
    'names a version of one, another kind of component, and some that are not for browsers',
    source({
      Amplitude: {
        ...amplitude,
        type: 'server',
        versionSettings: { version: '3', override: '4', componentTypes: ['browser'] },
      },
      Hotjar: { ...hotjar, bundlingStatus: 'unbundled' },
      Webhooks: { type: 'server' },
      Iterable: browser,
    }),
  ],
  [
    'plans events for them',
    {
      ...both,
      plan: {
        track: {
          __default: { enabled: true, integrations: {} },
          'Product Added': { enabled: true, integrations: { Amplitude: false } },
          'Signed Up': { enabled: false, integrations: {} },
        },
      },
    },
  ],
]

it.each(settingsOfSource)('the source %s', async (_what, settings) => {
  await expectSame({ settings, calls: visit })
})
