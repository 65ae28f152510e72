/** What users of the client may write and what they may not. `tsc -p test` checks it; nothing here runs. */
import type { CoreEmittedError } from '@sluice/core'
import { expectTypeOf } from 'expect-type'
import {
  Analytics,
  AnalyticsBrowser,
  type AnalyticsBrowserSettings,
  type AnalyticsEmitterContract,
  type AnalyticsInstanceSettings,
  type AnalyticsSettings,
  type AnalyticsSnippet,
  type CDNSettings,
  type Context,
  type DestinationMiddlewareFunction,
  EventFactory,
  type EventProperties,
  Group,
  getGlobalAnalytics,
  type ID,
  type InitOptions,
  isDestinationPluginWithAddMiddleware,
  type MiddlewareFunction,
  NullAnalytics,
  type PageContext,
  type Plugin,
  type PluginFactory,
  type SegmentEvent,
  segmentio,
  UniversalStorage,
  User,
  type UserTraits,
} from '../../src'

// -- load -----------------------------------------------------------------------------------------------------------

const analytics = AnalyticsBrowser.load({ writeKey: 'key' })
expectTypeOf(analytics).toEqualTypeOf<AnalyticsBrowser>()
expectTypeOf(new AnalyticsBrowser().load({ writeKey: 'key' })).toEqualTypeOf<AnalyticsBrowser>()
expectTypeOf(
  AnalyticsBrowser.standalone('key', { initialPageview: true }),
).resolves.toEqualTypeOf<Analytics>()
expectTypeOf<Awaited<typeof analytics>>().toEqualTypeOf<[Analytics, Context]>()
expectTypeOf(analytics.then(([client]) => client.VERSION)).resolves.toEqualTypeOf<string>()
expectTypeOf(analytics.instance).toEqualTypeOf<Analytics | undefined>()
expectTypeOf(analytics.ctx).toEqualTypeOf<Context | undefined>()
expectTypeOf(analytics.settings).resolves.toEqualTypeOf<AnalyticsInstanceSettings>()
expectTypeOf(analytics.storage).resolves.toEqualTypeOf<UniversalStorage>()

expectTypeOf(AnalyticsBrowser.load('key')).toEqualTypeOf<AnalyticsBrowser>()

/** As packages that wrap clients, such as those for consent, describe them in types of their own. */
interface Wrapped {
  load(
    settings: string | { writeKey: string; cdnURL?: string; cdnSettings?: WrappedSettings },
    options?: {
      updateCDNSettings?(settings: WrappedSettings): WrappedSettings
      disable?: boolean | ((settings: WrappedSettings) => boolean)
      initialPageview?: boolean
    },
  ): void
  track(event: string, properties?: unknown, ...args: unknown[]): void
}

interface WrappedSettings {
  integrations: { 'Segment.io': Record<string, unknown>; [name: string]: Record<string, unknown> }
  [setting: string]: unknown
}

expectTypeOf<AnalyticsBrowser>().toExtend<Wrapped>()

// They hand on what applications have in types of ours.
expectTypeOf<AnalyticsSettings>().toExtend<{ writeKey: string; cdnSettings?: WrappedSettings | undefined }>()
declare const ofSource: CDNSettings
expectTypeOf(ofSource).toExtend<WrappedSettings>()
const apiKey: string = ofSource.integrations['Segment.io'].apiKey
void apiKey
// @ts-expect-error: with Segment's types, too, the settings of a source say something of the Tracking API
AnalyticsBrowser.load({ writeKey: 'key', cdnSettings: { integrations: {} } })
AnalyticsBrowser.load({ writeKey: 'key', cdnSettings: { integrations: { 'Segment.io': {} } } })

// @ts-expect-error: there has to be a write key
AnalyticsBrowser.load({})
// @ts-expect-error: it is text
AnalyticsBrowser.load({ writeKey: 42 })
// @ts-expect-error: no such setting
AnalyticsBrowser.load({ writeKey: 'key', cdnUrl: 'https://cdn.shop.test' })
// @ts-expect-error: settings come with integrations
AnalyticsBrowser.load({ writeKey: 'key', cdnSettings: {} })

const settings: AnalyticsBrowserSettings = {
  writeKey: 'key',
  cdnURL: 'https://cdn.shop.test',
  cdnSettings: {
    integrations: { 'Segment.io': { apiKey: 'key' }, Web: { type: 'browser', own: { deep: true } } },
    plan: { track: { Bought: { enabled: true, integrations: { Web: false } } } },
    unknown: 1,
  },
}
AnalyticsBrowser.load(settings)

// -- options --------------------------------------------------------------------------------------------------------

const options: InitOptions = {
  disableClientPersistence: true,
  disableAutoISOConversion: false,
  initialPageview: true,
  cookie: { maxage: 30, domain: 'shop.test', path: '/', secure: true, sameSite: 'Strict' },
  storage: { stores: ['localStorage', 'cookie', 'memory'] },
  user: {
    persist: false,
    cookie: { key: 'id' },
    localStorage: { key: 'traits' },
    storage: { stores: ['memory'] },
  },
  group: { disable: true, localStorageFallbackDisabled: true },
  integrations: {
    All: false,
    Web: { own: true },
    'Segment.io': {
      apiHost: 'events.shop.test/v1',
      protocol: 'http',
      deliveryStrategy: {
        strategy: 'batching',
        config: { size: 5, timeout: 1_000, maxRetries: 2, keepalive: true },
      },
      httpConfig: { backoffConfig: { maxRetryCount: 3, statusCodeOverrides: { 503: 'drop' } } },
    },
  },
  retryQueue: false,
  obfuscate: true,
  updateCDNSettings: (cdnSettings) => {
    expectTypeOf(cdnSettings).toEqualTypeOf<CDNSettings>()
    return cdnSettings
  },
  useQueryString: { aid: /^\d+$/, uid: /./ },
  highEntropyValuesClientHints: ['architecture', 'platformVersion'],
  globalAnalyticsKey: 'shop',
  disable: async ({ integrations }) => Object.keys(integrations).length === 0,
  plan: { track: { __default: { enabled: false } } },
  cacheSettings: false,
  pluginTimeout: 1_000,
  gzip: true,
}
AnalyticsBrowser.load(settings, options)
AnalyticsBrowser.load(settings, { disable: true, useQueryString: false })

// @ts-expect-error: no such option
AnalyticsBrowser.load(settings, { initialPageView: true })
// @ts-expect-error: no such option
AnalyticsBrowser.load(settings, { retryqueue: true })
// @ts-expect-error: no such attribute of cookies
AnalyticsBrowser.load(settings, { cookie: { maxAge: 30 } })
// @ts-expect-error: no such store
AnalyticsBrowser.load(settings, { storage: { stores: ['sessionStorage'] } })
// @ts-expect-error: no such hint
AnalyticsBrowser.load(settings, { highEntropyValuesClientHints: ['screen'] })
// @ts-expect-error: one or the other
AnalyticsBrowser.load(settings, { integrations: { 'Segment.io': { protocol: 'ftp' } } })
AnalyticsBrowser.load(settings, {
  // @ts-expect-error: no such strategy
  integrations: { 'Segment.io': { deliveryStrategy: { strategy: 'bulk' } } },
})
AnalyticsBrowser.load(settings, {
  // @ts-expect-error: only batches have a size
  integrations: { 'Segment.io': { deliveryStrategy: { strategy: 'standard', config: { size: 5 } } } },
})
AnalyticsBrowser.load(settings, {
  // @ts-expect-error: no such behaviour
  integrations: { 'Segment.io': { httpConfig: { backoffConfig: { default5xxBehavior: 'again' } } } },
})
// @ts-expect-error: it has to answer settings
AnalyticsBrowser.load(settings, { updateCDNSettings: () => {} })
// @ts-expect-error: a switch or a function
AnalyticsBrowser.load(settings, { disable: 'yes' })
// @ts-expect-error: a pattern is a regular expression
AnalyticsBrowser.load(settings, { useQueryString: { aid: '^\\d+$' } })

// -- calls ----------------------------------------------------------------------------------------------------------

const callback = (ctx: Context) => ctx.id
interface Order {
  total: number
}
const order: Order = { total: 9.5 }

for (const client of [analytics, new Analytics({ writeKey: 'key' })]) {
  expectTypeOf(client.track('Bought')).resolves.toEqualTypeOf<Context>()
  client.track('Bought', { total: 9.5 })
  client.track('Bought', order)
  client.track('Bought', null, { timestamp: new Date(), context: { ip: '0.0.0.0' } })
  client.track('Bought', callback)
  client.track('Bought', order, callback)
  client.track('Bought', order, { integrations: { All: false } }, callback)
  client.track({ event: 'Bought', properties: order })
  client.track({ event: 'Bought' }, { messageId: 'm' }, callback)
  // @ts-expect-error: an event has a name
  client.track()
  // @ts-expect-error: a name is text
  client.track(42)
  // @ts-expect-error: properties are an object
  client.track('Bought', 42)
  // @ts-expect-error: the object of a call has an event
  client.track({ name: 'Bought' })
  // @ts-expect-error: a time is a date or text
  client.track('Bought', {}, { timestamp: true })

  for (const view of [client.page, client.screen]) {
    expectTypeOf(view()).resolves.toEqualTypeOf<Context>()
    view('Home')
    view('Docs', 'Start')
    view('Docs', 'Start', order, { context: {} }, callback)
    view('Docs', 'Start', order, callback)
    view('Docs', 'Start', callback)
    view('Home', order)
    view('Home', order, { context: {} })
    view('Home', callback)
    view(order)
    view(order, { timestamp: '2026-01-01' }, callback)
    view(order, callback)
    view(callback)
    view(null, 'Start')
    // @ts-expect-error: neither a name nor properties
    view(42)
    // @ts-expect-error: the callback comes last
    view(callback, 'Home')
  }

  expectTypeOf(client.identify('U')).resolves.toEqualTypeOf<Context>()
  client.identify(42, { plan: 'pro' }, { context: {} }, callback)
  client.identify({ plan: 'pro', createdAt: new Date() })
  client.identify({ plan: 'pro' }, callback)
  client.identify({ plan: 'pro' }, { integrations: {} }, callback)
  client.identify('U', callback)
  client.identify('U', null, { context: {} })
  client.identify(null, { plan: 'pro' })
  client.identify()
  // @ts-expect-error: an id is text or a number
  client.identify(true)

  expectTypeOf(client.group('G', { seats: 5 })).resolves.toEqualTypeOf<Context>()
  client.group(42)
  client.group({ seats: 5 }, callback)
  client.group('G', null, { context: {} }, callback)

  expectTypeOf(client.alias('new')).resolves.toEqualTypeOf<Context>()
  client.alias('new', 'old', { context: {} }, callback)
  client.alias('new', { context: {} }, callback)
  client.alias(7, 8, callback)
  client.alias('new', callback)
  // @ts-expect-error: an id is text or a number
  client.alias(true)

  client.trackLink(document.querySelectorAll('a'), 'Clicked', { from: 'menu' })
  client.trackClick(document.querySelector('a'), (link) => link.id)
  client.trackForm(document.forms[0] ?? null, 'Sent')
  client.trackSubmit(document.querySelector('form'), 'Sent')
}

// The façade answers promises of what the client answers.
expectTypeOf(analytics.group()).resolves.toEqualTypeOf<Group>()
expectTypeOf(analytics.user()).resolves.toEqualTypeOf<User>()
expectTypeOf(analytics.reset()).resolves.toEqualTypeOf<void>()
expectTypeOf(analytics.setAnonymousId('a')).resolves.toEqualTypeOf<ID>()
expectTypeOf(analytics.ready()).resolves.toEqualTypeOf<unknown[]>()
expectTypeOf(analytics.flush()).resolves.toEqualTypeOf<void>()
expectTypeOf(analytics.queryString('?ajs_event=A')).resolves.toEqualTypeOf<Context[]>()
expectTypeOf(analytics.register()).resolves.toEqualTypeOf<Context>()
expectTypeOf(analytics.deregister('P')).resolves.toEqualTypeOf<Context>()
expectTypeOf(analytics.addSourceMiddleware(() => {})).resolves.toExtend<Analytics>()
expectTypeOf(analytics.pageview('/a')).resolves.toExtend<Analytics>()
expectTypeOf(analytics.pageView('/a')).resolves.toExtend<Analytics>()
expectTypeOf(
  analytics
    .debug(true)
    .timeout(50)
    .use(() => {}),
).toEqualTypeOf<AnalyticsBrowser>()
analytics.use((client) => expectTypeOf(client).toEqualTypeOf<Analytics>())

declare const client: Analytics
expectTypeOf(client.group()).toEqualTypeOf<Group>()
expectTypeOf(client.user()).toEqualTypeOf<User>()
expectTypeOf(client.user().traits()).toEqualTypeOf<UserTraits | undefined>()
expectTypeOf(client.reset()).toEqualTypeOf<void>()
expectTypeOf(client.setAnonymousId()).toEqualTypeOf<ID>()
expectTypeOf(client.settings.apiHost).toEqualTypeOf<string | undefined>()
expectTypeOf(client.options).toEqualTypeOf<InitOptions>()
expectTypeOf(client.initialized).toEqualTypeOf<boolean>()
expectTypeOf(client.VERSION).toEqualTypeOf<string>()
expectTypeOf(new NullAnalytics()).toExtend<Analytics>()
expectTypeOf(getGlobalAnalytics()).toEqualTypeOf<Analytics | undefined>()
// @ts-expect-error: the version is what it is
client.VERSION = '2'

// -- typed events ---------------------------------------------------------------------------------------------------

interface Events {
  'Order Completed': { total: number; coupon?: string }
  'Cart Viewed': Record<string, never>
  'Search Made': { words?: string }
  'List Opened': object
}

const shop = AnalyticsBrowser.load<Events>({ writeKey: 'key' })
shop.track('Order Completed', { total: 9.5 })
shop.track('Order Completed', { total: 9.5, coupon: 'NEW' }, { timestamp: new Date() }, callback)
shop.track({ event: 'Order Completed', properties: { total: 9.5 } })
shop.track('Cart Viewed')
shop.track('Cart Viewed', callback)
shop.track('Search Made')
shop.track({ event: 'Search Made' })
shop.track('List Opened', null, { timestamp: new Date() })
// @ts-expect-error: one of its properties is required
shop.track('Order Completed')
// @ts-expect-error: a callback stands for no property
shop.track('Order Completed', callback)
// @ts-expect-error: nor does null
shop.track('Order Completed', null)
// @ts-expect-error: one of its properties is required
shop.track({ event: 'Order Completed' })
// @ts-expect-error: no such event
shop.track('Order Complete')
// @ts-expect-error: a total is a number
shop.track('Order Completed', { total: '9.5' })
// @ts-expect-error: the total is missing
shop.track('Order Completed', { coupon: 'NEW' })
// @ts-expect-error: no such property
shop.track('Order Completed', { total: 9.5, cupon: 'NEW' })
// @ts-expect-error: that belongs to another event
shop.track('Cart Viewed', { total: 9.5 })
// @ts-expect-error: a total is a number
shop.track({ event: 'Order Completed', properties: { total: '9.5' } })
void shop.then(([loaded]) => {
  expectTypeOf(loaded).toEqualTypeOf<Analytics<Events>>()
  loaded.track('Order Completed', { total: 9.5 })
  // @ts-expect-error: one of its properties is required
  loaded.track('Order Completed')
  // @ts-expect-error: no such event
  loaded.track('Order Complete')
})
const inline = AnalyticsBrowser.load<{ 'Order Completed': { total: number } }>({ writeKey: 'key' })
inline.track('Order Completed', { total: 9.5 })
// @ts-expect-error: no such event
inline.track('Signed Up')
// @ts-expect-error: the properties of an event are an object
AnalyticsBrowser.load<{ 'Order Completed': number }>({ writeKey: 'key' })

// -- what the client emits ------------------------------------------------------------------------------------------

for (const emitter of [analytics, client]) {
  emitter.on('track', (name, properties, last) => {
    expectTypeOf(name).toEqualTypeOf<string>()
    expectTypeOf(properties).toEqualTypeOf<EventProperties | undefined>()
    expectTypeOf(last).toEqualTypeOf<undefined>()
  })
  emitter.on('page', (category, name) => {
    expectTypeOf(category).toEqualTypeOf<string | null>()
    expectTypeOf(name).toEqualTypeOf<string | null>()
  })
  emitter.once('identify', (userId) => expectTypeOf(userId).toEqualTypeOf<ID>())
  emitter.on('alias', (to, from) =>
    expectTypeOf([to, from] as const).toEqualTypeOf<readonly [ID, string | null]>(),
  )
  emitter.on('dispatch_start', (ctx) => expectTypeOf(ctx).toEqualTypeOf<Context>())
  emitter.on('initialize', (given, chosen) => {
    expectTypeOf(given).toEqualTypeOf<AnalyticsInstanceSettings>()
    expectTypeOf(chosen).toEqualTypeOf<InitOptions>()
  })
  emitter.on('error', (error) => expectTypeOf(error).toEqualTypeOf<CoreEmittedError<Context>>())
  emitter
    .on('reset', () => {})
    .off('reset', () => {})
    .emit('reset')
  // @ts-expect-error: no such event
  emitter.on('tracked', () => {})
  // @ts-expect-error: no such event
  emitter.once('ready', () => {})
  // @ts-expect-error: no such event
  emitter.off('Reset', () => {})
  // @ts-expect-error: nothing comes with it
  emitter.on('reset', (_nothing) => {})
  // @ts-expect-error: a name is text
  emitter.on('track', (_name: number) => {})
  // @ts-expect-error: nothing comes with it
  emitter.emit('reset', 1)
}
expectTypeOf<keyof AnalyticsEmitterContract>().toEqualTypeOf<
  | ('track' | 'page' | 'screen' | 'identify' | 'group' | 'alias')
  | ('dispatch_start' | 'initialize' | 'reset' | 'error')
>()

// -- plugins and middleware -----------------------------------------------------------------------------------------

const withPlan: Plugin = {
  name: 'With plan',
  type: 'enrichment',
  version: '1.0.0',
  isLoaded: () => true,
  load: async (ctx, instance) => {
    expectTypeOf(ctx).toEqualTypeOf<Context>()
    expectTypeOf(instance).toEqualTypeOf<Analytics>()
  },
  track(ctx) {
    expectTypeOf(ctx).toEqualTypeOf<Context>()
    expectTypeOf(ctx.event).toEqualTypeOf<SegmentEvent>()
    ctx.updateEvent('context.plan', 'pro')
    return ctx
  },
  page: () => null,
  identify: async (ctx) => ctx,
}
analytics.register(withPlan)
client.register(withPlan, { ...withPlan, name: 'Another' })
analytics.register({
  name: 'Inline',
  type: 'before',
  isLoaded: () => true,
  load: async () => {},
  track: (ctx) => {
    expectTypeOf(ctx).toEqualTypeOf<Context>()
    return ctx
  },
})
// @ts-expect-error: no such type
const ofNoType: Plugin = { ...withPlan, type: 'source' }
// @ts-expect-error: no such hook
const withNoHook: Plugin = { ...withPlan, tracks: () => null }
// @ts-expect-error: a hook answers a context
const withNoAnswer: Plugin = { ...withPlan, track: () => 'done' }
// @ts-expect-error: it has to be loaded
const withoutLoad: Plugin = { name: 'P', type: 'before', isLoaded: () => true }
void [ofNoType, withNoHook, withNoAnswer, withoutLoad]

const factory: PluginFactory = Object.assign(() => withPlan, { pluginName: 'Web' })
AnalyticsBrowser.load({ writeKey: 'key', plugins: [withPlan, factory] })
// @ts-expect-error: it says what it stands for
AnalyticsBrowser.load({ writeKey: 'key', plugins: [() => withPlan] })

const middleware: MiddlewareFunction = ({ payload, next, integrations }) => {
  expectTypeOf(payload.obj).toEqualTypeOf<SegmentEvent>()
  expectTypeOf(payload.type()).toEqualTypeOf<SegmentEvent['type']>()
  expectTypeOf(payload.field('properties.total')).toEqualTypeOf<unknown>()
  expectTypeOf(integrations).toEqualTypeOf<SegmentEvent['integrations']>()
  next(payload)
  next(null)
  // @ts-expect-error: a payload or nothing
  next(payload.obj)
}
analytics.addSourceMiddleware(middleware)
analytics.addSourceMiddleware(async ({ payload, next }) => next(payload))
client.addDestinationMiddleware('*', ({ payload, integration, next }) => {
  expectTypeOf(integration).toEqualTypeOf<string>()
  next(payload)
})
const ofDestination: DestinationMiddlewareFunction = ({ next }) => next(null)
analytics.addDestinationMiddleware('Web', ofDestination, ofDestination)
if (isDestinationPluginWithAddMiddleware(withPlan)) withPlan.addMiddleware(ofDestination)

// -- parts ----------------------------------------------------------------------------------------------------------

expectTypeOf(new User().id()).toEqualTypeOf<ID>()
expectTypeOf(new User().load()).toEqualTypeOf<User>()
expectTypeOf(new Group().load()).toEqualTypeOf<Group>()
expectTypeOf(new EventFactory(new User()).track('A')).toExtend<SegmentEvent>()
expectTypeOf(new EventFactory(new User()).alias).parameter(4).toEqualTypeOf<PageContext | undefined>()
expectTypeOf(segmentio(client, { apiKey: 'key' }, {}).metadata.apiHost).toEqualTypeOf<string>()
const storage = new UniversalStorage<{ seen: boolean }>([])
expectTypeOf(storage.get('seen')).toEqualTypeOf<boolean | null>()
storage.set('seen', true)
// @ts-expect-error: no such key
storage.get('scene')
// @ts-expect-error: yes or no
storage.set('seen', 'yes')

declare const snippet: AnalyticsSnippet
snippet.load('key', { initialPageview: true })
snippet.track('A')
// @ts-expect-error: a client that is complete cannot be loaded again
client.load('key')
