/** Where destinations get something else on purpose, and why. */
import { lastEvent } from '../src/calls'
import { remotePlugin, sourceWith } from '../src/destinations'
import { differs } from '../src/differences'
import type { Facts } from '../src/visit'

const heap = () => remotePlugin('heap', { settings: { appId: '1' } })
const browser = { type: 'browser', versionSettings: { componentTypes: ['browser' as const] } }

const argumentsOf =
  (call: string) =>
  ({ vendorCalls }: Facts): unknown[] =>
    vendorCalls.flatMap((one) => (one.call === call ? [one.args[0]] : []))

differs('the target of an alias of a known visitor', {
  reason: 'an alias is of use only with the id that it is made for',
  script: {
    settings: sourceWith([remotePlugin('screeb', { settings: { websiteId: 'w' } })]),
    calls: [
      ['identify', 'old'],
      ['alias', 'new', 'old'],
    ],
  },
  of: ({ vendorCalls }) => vendorCalls.flatMap(({ args }) => (args[0] === 'identity' ? [args[1]] : [])),
  segment: ['old', 'old'],
  sluice: ['old', 'new'],
})

differs('settings for a destination from npm that the source does not know', {
  reason: 'who imports a destination can set it up without a change to the source',
  script: {
    settings: sourceWith([]),
    classicFromNPM: ['Amplitude'],
    options: { integrations: { Amplitude: { apiKey: 'of the page' } } },
    calls: [['track', lastEvent]],
  },
  of: argumentsOf('amplitude.instance.init'),
  segment: [''],
  sluice: ['of the page'],
})

differs('the order of events that wait for the script of a vendor', {
  reason: 'events are delivered in the order in which they happened, pages included',
  script: {
    settings: sourceWith([], { Amplitude: { ...browser, apiKey: 'k' } }),
    calls: [
      ['track', 'One'],
      ['page', 'Two'],
      ['track', lastEvent],
    ],
    pace: 'at once',
    slowHosts: ['cdn.amplitude.com'],
    lastWords: { text: lastEvent, times: 1 },
  },
  of: argumentsOf('amplitude.instance.logEvent'),
  segment: ['Viewed Two Page', 'One', lastEvent],
  sluice: ['One', 'Viewed Two Page', lastEvent],
})

differs('the order of events that wait for an action destination to load', {
  reason: 'all actions of a destination get one event before the next',
  script: {
    settings: sourceWith([heap()]),
    calls: [
      ['identify', 'user-2'],
      ['track', lastEvent],
    ],
    pace: 'at once',
    slowHosts: ['cdn.heapanalytics.com'],
    lastWords: { text: lastEvent, times: 1 },
  },
  of: ({ vendorCalls }) =>
    vendorCalls.map(({ call }) => call).filter((call) => ['heap.identify', 'heap.track'].includes(call)),
  segment: ['heap.track', 'heap.identify'],
  sluice: ['heap.identify', 'heap.track'],
})

differs('a call while the script of a vendor does not come', {
  reason: 'a destination that does not load in time is left out, and nobody waits for it any longer',
  script: {
    settings: sourceWith([heap()]),
    calls: [
      ['track', 'One'],
      ['track', lastEvent],
    ],
    options: { pluginTimeout: 1_000 },
    pace: 'at once',
    silentHosts: ['cdn.heapanalytics.com'],
  },
  of: ({ results, events, plugins }) => ({
    open: results.filter(({ isOpen }) => isOpen).length,
    isWaitedFor: plugins.some(({ name }) => name === 'Heap Web (Actions)'),
    events: events.map(({ event }) => event).sort(),
  }),
  segment: { open: 2, isWaitedFor: true, events: ['One', lastEvent] },
  sluice: { open: 0, isWaitedFor: false, events: ['One', lastEvent] },
})

differs('a destination whose script is not on the CDN', {
  reason: 'a destination that could not be loaded is told with every event, whatever it failed at',
  script: {
    settings: sourceWith([
      { ...heap(), url: 'https://cdn.segment.com/next-integrations/actions/heap/gone.js' },
    ]),
    calls: [['track', lastEvent]],
  },
  of: ({ events }) => events.map(({ _metadata }) => Reflect.get(Object(_metadata), 'failedInitializations')),
  segment: [undefined],
  sluice: [['Heap Web (Actions)']],
})
