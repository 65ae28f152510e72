/** What users of the types may write and what they may not. `tsc -p test` checks it; nothing here runs. */
import { expectTypeOf } from 'expect-type'
import type {
  Callback,
  CompactMetric,
  ContextFailedDelivery,
  CoreAnalytics,
  CoreEmittedError,
  CoreEmitterContract,
  CoreEventFactory,
  CoreExtraContext,
  CoreOptions,
  CorePlugin,
  CoreSegmentEvent,
  Deferred,
  EventQueueEmitterContract,
  GroupTraits,
  IntegrationsOptions,
  JSONValue,
  LogLevel,
  PluginType,
  SegmentEventType,
  TaskGroup,
  Traits,
  UserTraits,
} from '../src'
import {
  attempt,
  bindAll,
  ContextCancelation,
  CoreContext,
  CoreEventQueue,
  createDeferred,
  Emitter,
  ensure,
  exists,
  isFunction,
  isPlainObject,
  isString,
  PriorityQueue,
  pTimeout,
  validateEvent,
} from '../src'
import { copyData } from '../src/events/copy-data'
import { assertPlugin, isThenable } from '../src/internal'

class Context extends CoreContext {
  readonly isMine = true
}

declare const context: Context
declare const unknownValue: unknown

// -- Emitter --------------------------------------------------------------------------------------------------------

interface Contract {
  saved: [id: string, size?: number]
  closed: []
}

const emitter = new Emitter<Contract>({ maxListeners: 3 })

emitter.on('saved', (id, size) => {
  expectTypeOf(id).toEqualTypeOf<string>()
  expectTypeOf(size).toEqualTypeOf<number | undefined>()
})
emitter.once('closed', () => {}).off('closed', () => {})
emitter.emit('saved', 'a').emit('saved', 'a', 1).emit('closed')
expectTypeOf(emitter.on('closed', () => {})).toEqualTypeOf<Emitter<Contract>>()

// @ts-expect-error: no such event
emitter.on('opened', () => {})
// @ts-expect-error: no such event
emitter.emit('opened')
// @ts-expect-error: the id is missing
emitter.emit('saved')
// @ts-expect-error: an id is text
emitter.emit('saved', 1)
// @ts-expect-error: nothing comes with it
emitter.emit('closed', 1)
// @ts-expect-error: the listener wants a number where text comes
emitter.on('saved', (_id: number) => {})
// @ts-expect-error: a contract lists arguments
new Emitter<{ saved: string }>()
// @ts-expect-error: not a number
new Emitter({ maxListeners: '3' })

new Emitter().on('anything', (...args) => expectTypeOf(args).toEqualTypeOf<unknown[]>())

class Client extends Emitter<CoreEmitterContract<Context>> {}

expectTypeOf(new Client().on('register', () => {})).toEqualTypeOf<Client>()
new Client()
  .on('track', (ctx) => expectTypeOf(ctx).toEqualTypeOf<Context>())
  .on('register', (names) => expectTypeOf(names).toEqualTypeOf<string[]>())
  .on('error', (error) => expectTypeOf(error).toEqualTypeOf<CoreEmittedError<Context>>())
  .emit('error', { code: 'delivery_failure', reason: 'any', ctx: context })
// @ts-expect-error: an error has a code
new Client().emit('error', { reason: 'any' })

expectTypeOf<keyof CoreEmitterContract<Context>>().toEqualTypeOf<
  SegmentEventType | 'register' | 'deregister' | 'error'
>()
expectTypeOf<keyof EventQueueEmitterContract>().toEqualTypeOf<
  | 'message_enriched'
  | 'message_delivered'
  | 'delivery_success'
  | 'delivery_retry'
  | 'delivery_failure'
  | 'flush'
  | 'initialization_failure'
  | 'destination_failure'
>()

// -- Plugins --------------------------------------------------------------------------------------------------------

expectTypeOf<PluginType>().toEqualTypeOf<'before' | 'after' | 'destination' | 'enrichment' | 'utility'>()

const least: CorePlugin<Context> = {
  name: 'least',
  type: 'utility',
  isLoaded: () => true,
  load: async () => {},
}

const most: CorePlugin<Context> = {
  ...least,
  version: '1.0.0',
  alternativeNames: ['other'],
  unload: () => 'done',
  ready: async () => {},
  track: (ctx) => {
    expectTypeOf(ctx).toEqualTypeOf<Context>()
    return ctx
  },
  identify: async (ctx) => ctx,
  page: () => null,
  group: async () => null,
  alias: (ctx) => ctx.cancel(),
  screen: (ctx) => ctx.cancel(new ContextCancelation({ retry: false })),
}

class PluginClass implements CorePlugin<Context> {
  readonly name = 'class'
  readonly type = 'before'
  isLoaded() {
    return true
  }
  async load(ctx: Context, client: CoreAnalytics) {
    expectTypeOf(ctx).toEqualTypeOf<Context>()
    return client.VERSION
  }
}

expectTypeOf(most).toExtend<CorePlugin<Context>>()
expectTypeOf(new PluginClass()).toExtend<CorePlugin<Context>>()
expectTypeOf<Omit<typeof least, 'name'>>().not.toExtend<CorePlugin<Context>>()
expectTypeOf<Omit<typeof least, 'type'>>().not.toExtend<CorePlugin<Context>>()
expectTypeOf<Omit<typeof least, 'load'>>().not.toExtend<CorePlugin<Context>>()
expectTypeOf<Omit<typeof least, 'isLoaded'>>().not.toExtend<CorePlugin<Context>>()

// @ts-expect-error: no such type of plugin
export const badType: CorePlugin<Context> = { ...least, type: 'source' }
// @ts-expect-error: load answers a promise
export const badLoad: CorePlugin<Context> = { ...least, load: () => {} }
// @ts-expect-error: a hook that forgets to answer
export const forgetful: CorePlugin<Context> = { ...least, track: () => {} }
// @ts-expect-error: the same, later
export const forgetfulLater: CorePlugin<Context> = { ...least, track: async () => {} }
// @ts-expect-error: an event is no context
export const wrongAnswer: CorePlugin<Context> = { ...least, track: (ctx) => ctx.event }
// @ts-expect-error: undefined does not drop an event, null does
export const noDrop: CorePlugin<Context> = { ...least, track: () => undefined }
// @ts-expect-error: no such hook
export const noHook: CorePlugin<Context> = { ...least, flush: () => {} }

expectTypeOf(attempt(context, most)).toEqualTypeOf<Promise<unknown>>()
expectTypeOf(ensure(context, most)).toEqualTypeOf<Promise<Context>>()

assertPlugin(unknownValue)
expectTypeOf(unknownValue).toEqualTypeOf<CorePlugin>()

// -- Queues ---------------------------------------------------------------------------------------------------------

class Queue extends CoreEventQueue<Context, CorePlugin<Context>> {}

const queue = new Queue(new PriorityQueue<Context>(4), { pluginTimeout: 500 })
queue.on('initialization_failure', (plugin) => expectTypeOf(plugin).toEqualTypeOf<CorePlugin<Context>>())
queue.on('flush', (ctx, isDelivered) => {
  expectTypeOf(ctx).toEqualTypeOf<Context>()
  expectTypeOf(isDelivered).toEqualTypeOf<boolean>()
})
expectTypeOf(queue.dispatch(context)).toEqualTypeOf<Promise<Context>>()
expectTypeOf(queue.dispatchSingle(context)).toEqualTypeOf<Promise<Context>>()
expectTypeOf(queue.flush()).toEqualTypeOf<Promise<Context[]>>()
expectTypeOf(queue.criticalTasks).toEqualTypeOf<TaskGroup>()
expectTypeOf(queue.criticalTasks.run(() => 7)).toEqualTypeOf<number>()

// @ts-expect-error: it is for subclasses
new CoreEventQueue(new PriorityQueue<Context>(4))
// @ts-expect-error: items have an id
new PriorityQueue<{ name: string }>(4)

expectTypeOf<Callback<Context>>().toBeCallableWith(context)
expectTypeOf<(ctx: Context) => void>().toExtend<Callback<Context>>()
expectTypeOf<(ctx: Context) => Promise<void>>().toExtend<Callback<Context>>()

// -- Context --------------------------------------------------------------------------------------------------------

// @ts-expect-error: it is for subclasses
new CoreContext({ type: 'track' })
expectTypeOf(context.event).toEqualTypeOf<CoreSegmentEvent>()
expectTypeOf(context.updateEvent('properties.price', 1)).toEqualTypeOf<CoreSegmentEvent>()
expectTypeOf(context.failedDelivery()).toEqualTypeOf<ContextFailedDelivery | undefined>()
expectTypeOf(context.cancel).returns.toEqualTypeOf<never>()
expectTypeOf(context.stats.serialize()).toEqualTypeOf<CompactMetric[]>()
context.log('warn', 'mine')
context.log('debug', 'mine', () => ({ costly: true }))
// @ts-expect-error: no such level
context.log('trace', 'mine')
// @ts-expect-error: text is no reason to cancel with
context.cancel('mine')
// @ts-expect-error: an event is of one of six types
new Context({ type: 'purchase' })
expectTypeOf<LogLevel>().toEqualTypeOf<'debug' | 'info' | 'warn' | 'error'>()

// -- Traits, context, integrations ----------------------------------------------------------------------------------

interface OwnTraits {
  email: string
  favourites: string[]
}

interface OwnContext {
  ip: string
  experiment: { name: string }
}

class OwnTraitsClass {
  readonly email = 'a@example.com'
  loyalty = 7
}

declare const ownTraits: OwnTraits
declare const ownContext: OwnContext

expectTypeOf(ownTraits).toExtend<UserTraits>()
expectTypeOf(ownTraits).toExtend<GroupTraits>()
expectTypeOf(ownTraits).toExtend<Traits>()
expectTypeOf(new OwnTraitsClass()).toExtend<UserTraits>()
expectTypeOf(new OwnTraitsClass()).toExtend<GroupTraits>()
expectTypeOf(ownContext).toExtend<CoreExtraContext>()
expectTypeOf(new OwnTraitsClass()).toExtend<CoreExtraContext>()

export const cleared: UserTraits = {
  email: null,
  age: null,
  address: null,
  company: null,
  own: null,
}
export const clearedGroup: GroupTraits = { address: null, employees: null, plan: null }
export const ids: [UserTraits, GroupTraits] = [{ id: 7, company: { id: 7 } }, { id: 7 }]
export const dates: UserTraits = { birthday: new Date(), createdAt: '2026-01-01' }

// With `exactOptionalPropertyTypes`, as here, a field that may be missing may also be there and undefined.
export const absent: [UserTraits, GroupTraits, CoreExtraContext, CoreOptions, CoreSegmentEvent] = [
  { email: undefined, address: { city: undefined }, company: { id: undefined } },
  { email: undefined, address: undefined },
  { ip: undefined, location: { city: undefined }, page: { url: undefined }, referrer: { id: undefined } },
  { userId: undefined, context: undefined, integrations: { All: undefined }, timestamp: undefined },
  { type: 'track', event: undefined, properties: undefined, _metadata: { nodeVersion: undefined } },
]

// @ts-expect-error: an age is a number
export const badAge: UserTraits = { age: '7' }
// @ts-expect-error: a city is text
export const badCity: UserTraits = { address: { city: 7 } }
// @ts-expect-error: an address has fields
export const badAddress: GroupTraits = { address: 'Graz' }
// @ts-expect-error: e-mail is text
export const badEmail: GroupTraits = { email: 7 }

export const knownContext: CoreExtraContext = {
  active: false,
  ip: '::1',
  location: { city: 'Graz' },
  page: { url: '/' },
  userAgentData: { brands: [{ brand: 'B', version: '1' }], mobile: false },
  library: { name: 'mine', version: '1' },
  campaign: { name: 'n', source: 's', medium: 'm', term: 't' },
  referrer: { btid: 'b' },
  amp: { id: 'a' },
  traits: { plan: 'pro' },
  anythingElse: { at: ['any', 'depth'] },
}
// @ts-expect-error: an address is text
export const badIp: CoreExtraContext = { ip: 7 }
// @ts-expect-error: a campaign has a source and a medium
export const badCampaign: CoreExtraContext = { campaign: { name: 'n' } }
// @ts-expect-error: a library has a version
export const badLibrary: CoreExtraContext = { library: { name: 'mine' } }

export const switches: IntegrationsOptions = {
  All: false,
  Amplitude: true,
  Mixpanel: { key: 'k' },
  'Google Analytics': undefined,
}
// @ts-expect-error: All is on or off
export const badAll: IntegrationsOptions = { All: 'none' }
// @ts-expect-error: All has no options
export const badAllOptions: IntegrationsOptions = { All: {} }
// @ts-expect-error: a destination is on, off, or has options
export const badSwitch: IntegrationsOptions = { Amplitude: 'yes' }

export const options: CoreOptions = {
  userId: 'u',
  anonymousId: 'a',
  timestamp: new Date(),
  messageId: 'm',
  context: ownContext,
  traits: ownTraits,
  integrations: switches,
  'page.url': '/',
}
// @ts-expect-error: a moment is a date or text
export const badTimestamp: CoreOptions = { timestamp: 0 }

// -- Events ---------------------------------------------------------------------------------------------------------

declare const factory: CoreEventFactory

expectTypeOf(factory.track('E')).toEqualTypeOf<CoreSegmentEvent>()
factory.track('E', ownTraits, options, switches)
factory.page(null, null, ownTraits)
factory.identify(null, new OwnTraitsClass())
factory.group('g', ownTraits)
factory.alias(undefined, null)
// @ts-expect-error: an event has a name
factory.track()
// @ts-expect-error: category and name are given, if only as null
factory.page()
// @ts-expect-error: an id is text
factory.identify(7)

validateEvent(null)
validateEvent(undefined)

const json: JSONValue = { list: [1, 'a', null, { deep: true }] }
expectTypeOf(json).toExtend<JSONValue>()
// @ts-expect-error: a date is not JSON
export const badJson: JSONValue = { at: new Date() }

// -- Helpers --------------------------------------------------------------------------------------------------------

expectTypeOf(createDeferred<string>()).toEqualTypeOf<Deferred<string>>()
expectTypeOf(pTimeout(Promise.resolve(1), 10)).toEqualTypeOf<Promise<number>>()
expectTypeOf(bindAll(new Client())).toEqualTypeOf<Client>()
expectTypeOf(copyData({ a: 1 })).toEqualTypeOf<{ a: number }>()

export function narrow(value: unknown, maybe: string | null | undefined) {
  if (exists(maybe)) expectTypeOf(maybe).toEqualTypeOf<string>()
  if (isString(value)) expectTypeOf(value).toEqualTypeOf<string>()
  // biome-ignore lint/complexity/noBannedTypes: that is what the guard says
  if (isFunction(value)) expectTypeOf(value).toExtend<Function>()
  if (isPlainObject(value)) expectTypeOf(value.any).toEqualTypeOf<unknown>()
  if (isThenable(value)) expectTypeOf(value).toEqualTypeOf<PromiseLike<unknown>>()
}
