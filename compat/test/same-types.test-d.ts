import type * as SegmentCore from '@segment/analytics-core'
import type * as Segment from '@segment/analytics-node'
import type * as SluiceCore from '@sluice/core'
import type * as Sluice from '@sluice/node'
import { expectTypeOf } from 'expect-type'

declare function give<T>(): T
declare function take<T>(value: T): void

/*
 * What compiles against their types compiles against ours: what a caller hands in may be wider with us,
 * what a caller gets back may be narrower. Nothing here runs; the type checker is the test.
 */

// What a caller hands in.
take<Sluice.AnalyticsSettings>(give<Segment.AnalyticsSettings>())
take<Sluice.TrackParams>(give<Segment.TrackParams>())
take<Sluice.IdentifyParams>(give<Segment.IdentifyParams>())
take<Sluice.PageParams>(give<Segment.PageParams>())
take<Sluice.GroupParams>(give<Segment.GroupParams>())
take<Sluice.AliasParams>(give<Segment.AliasParams>())
take<Sluice.OAuthSettings>(give<Segment.OAuthSettings>())
take<Sluice.HTTPClient>(give<Segment.HTTPClient>())
take<Sluice.HTTPFetchFn>(give<Segment.HTTPFetchFn>())
take<Sluice.HTTPResponse>(give<Segment.HTTPResponse>())
take<Sluice.UserTraits>(give<Segment.UserTraits>())
take<Sluice.GroupTraits>(give<Segment.GroupTraits>())

// What a caller gets back.
take<Segment.HTTPClientRequest>(give<Sluice.HTTPClientRequest>())
take<Segment.HTTPFetchRequest>(give<Sluice.HTTPFetchRequest>())
take<Segment.UserTraits>(give<Sluice.UserTraits>())
take<Segment.GroupTraits>(give<Sluice.GroupTraits>())
expectTypeOf<Sluice.Analytics['VERSION']>().toEqualTypeOf<Segment.Analytics['VERSION']>()
take<Promise<void>>(give<Sluice.Analytics['ready']>())
expectTypeOf<ReturnType<Sluice.Analytics['track']>>().toEqualTypeOf<ReturnType<Segment.Analytics['track']>>()
take<ReturnType<Segment.Analytics['flush']>>(give<ReturnType<Sluice.Analytics['flush']>>())
take<ReturnType<Segment.Analytics['closeAndFlush']>>(give<ReturnType<Sluice.Analytics['closeAndFlush']>>())

// The arguments of the methods, but for the callback, whose context is a class of each library.
type Params<T extends 'track' | 'identify' | 'page' | 'screen' | 'group' | 'alias'> = {
  segment: Parameters<Segment.Analytics[T]>[0]
  sluice: Parameters<Sluice.Analytics[T]>[0]
}
take<Params<'track'>['sluice']>(give<Params<'track'>['segment']>())
take<Params<'identify'>['sluice']>(give<Params<'identify'>['segment']>())
take<Params<'page'>['sluice']>(give<Params<'page'>['segment']>())
take<Params<'screen'>['sluice']>(give<Params<'screen'>['segment']>())
take<Params<'group'>['sluice']>(give<Params<'group'>['segment']>())
take<Params<'alias'>['sluice']>(give<Params<'alias'>['segment']>())
take<Parameters<Sluice.Analytics['flush']>>(give<Parameters<Segment.Analytics['flush']>>())
take<Parameters<Sluice.Analytics['closeAndFlush']>>(give<Parameters<Segment.Analytics['closeAndFlush']>>())
take<Parameters<Sluice.Analytics['deregister']>>(give<Parameters<Segment.Analytics['deregister']>>())

// What both refuse: at least one id, and no anonymous id with alias.
expectTypeOf<{ event: string }>().not.toExtend<Sluice.TrackParams>()
expectTypeOf<{ event: string; userId: undefined }>().not.toExtend<Sluice.TrackParams>()
expectTypeOf<{ userId: string }>().not.toExtend<Sluice.TrackParams>()
expectTypeOf<{ userId: string }>().not.toExtend<Sluice.GroupParams>()
expectTypeOf<{ userId: string }>().not.toExtend<Sluice.AliasParams>()
expectTypeOf<{ traits: object }>().not.toExtend<Sluice.IdentifyParams>()
expectTypeOf<object>().not.toExtend<Sluice.PageParams>()
expectTypeOf<object>().not.toExtend<Sluice.AnalyticsSettings>()

// What both take: undefined where a field may be missing, either id, and instances of classes as traits.
class Traits {
  email = 'a@b.c'
  own = { any: 1 }
}
take<Sluice.TrackParams>(give<{ event: string; userId: string; anonymousId: undefined }>())
take<Sluice.TrackParams>(give<{ event: string; userId: undefined; anonymousId: string }>())
take<Sluice.IdentifyParams>(give<{ userId: string; traits: undefined; context: undefined }>())
take<Sluice.IdentifyParams>(give<{ userId: string; traits: Traits }>())
take<Sluice.IdentifyParams>(give<{ userId: string; traits: { email: null; address: null } }>())
take<Sluice.HTTPFetchFn>(give<typeof fetch>())
take<Sluice.HTTPResponse>(give<Response>())
take<Sluice.HTTPResponse>(
  give<{
    status: number
    statusText: string
    headers: Record<string, string>
  }>(),
)

/** A program as users write it; it is checked, not run. */
export function program({ Analytics, Context, FetchHTTPClient }: typeof Sluice): void {
  const analytics = new Analytics({ writeKey: 'key', httpClient: new FetchHTTPClient(fetch) })
  const plugin: Sluice.Plugin = {
    name: 'mine',
    type: 'enrichment',
    version: '1.0.0',
    isLoaded: () => true,
    load: (ctx, instance) => {
      ctx.log('debug', instance.VERSION)
      return Promise.resolve()
    },
    track: (ctx) => {
      ctx.updateEvent('context.ip', '1.2.3.4')
      return ctx
    },
    page: async (ctx) => ctx,
  }
  analytics
    .on('error', ({ code, reason, ctx }) => [code.length, reason, ctx?.event.messageId])
    .on('http_request', ({ body, method, url, headers }) => [body.length, method, url, headers.Authorization])
    .on('http_response', ({ body, status, statusText, headers }) => [
      body.length,
      status,
      statusText,
      headers.date,
    ])
    .on('track', (ctx) => ctx.event.properties?.any)
    .on('call_after_close', (event) => event.type)
    .on('register', (names) => names.length)
    .once('drained', () => undefined)
  analytics.track({ event: 'E', userId: 'u' }, (err, ctx) => [err, ctx?.event.event, ctx instanceof Context])
  analytics.track({ event: 'E', anonymousId: 'a' }, async () => {})
  void analytics.register(plugin).then(() => analytics.deregister('mine'))
  void analytics.flush({ timeout: 1, close: true }).then(() => analytics.closeAndFlush({ timeout: 1 }))
}

// The types of the core: those that hold data go both ways, unless ours says more of what it gives back.
take<SluiceCore.CoreExtraContext>(give<SegmentCore.CoreExtraContext>())
take<SluiceCore.CoreOptions>(give<SegmentCore.CoreOptions>())
take<SluiceCore.CoreSegmentEvent>(give<SegmentCore.CoreSegmentEvent>())
take<SluiceCore.EventProperties>(give<SegmentCore.EventProperties>())
take<SluiceCore.IntegrationsOptions>(give<SegmentCore.IntegrationsOptions>())
take<SluiceCore.SegmentEventMetadata>(give<SegmentCore.SegmentEventMetadata>())
take<SluiceCore.Traits>(give<SegmentCore.Traits>())
take<SluiceCore.UserTraits>(give<SegmentCore.UserTraits>())
take<SluiceCore.GroupTraits>(give<SegmentCore.GroupTraits>())
take<SluiceCore.BaseUserTraits>(give<SegmentCore.BaseUserTraits>())
take<SluiceCore.Campaign>(give<SegmentCore.Campaign>())
take<SluiceCore.Plan>(give<SegmentCore.Plan>())
take<SluiceCore.TrackPlan>(give<SegmentCore.TrackPlan>())
take<SluiceCore.PlanEvent>(give<SegmentCore.PlanEvent>())
take<SluiceCore.JSONValue>(give<SegmentCore.JSONValue>())
take<SluiceCore.CancelationOptions>(give<SegmentCore.CancelationOptions>())
take<SluiceCore.EventFactorySettings>(give<SegmentCore.EventFactorySettings>())
take<SluiceCore.CoreAnalytics>(give<SegmentCore.CoreAnalytics>())
take<SegmentCore.CoreSegmentEvent>(give<SluiceCore.CoreSegmentEvent>())
take<SegmentCore.SerializedContext>(give<SluiceCore.SerializedContext>())
take<SegmentCore.CoreMetric>(give<SluiceCore.CoreMetric>())
take<SegmentCore.CompactMetric>(give<SluiceCore.CompactMetric>())
expectTypeOf<SluiceCore.PluginType>().toEqualTypeOf<SegmentCore.PluginType>()
expectTypeOf<SluiceCore.SegmentEventType>().toEqualTypeOf<SegmentCore.SegmentEventType>()
expectTypeOf<SluiceCore.Timestamp>().toEqualTypeOf<SegmentCore.Timestamp>()
expectTypeOf<SluiceCore.ContextFailedDelivery>().toEqualTypeOf<SegmentCore.ContextFailedDelivery>()

/** Every type that theirs exports by name is exported by ours, too. */
export type Names = [
  SluiceCore.BaseUserTraits,
  SluiceCore.Callback<SluiceCore.CoreContext>,
  SluiceCore.CoreEmittedError<SluiceCore.CoreContext>,
  SluiceCore.CoreEmitterContract<SluiceCore.CoreContext>,
  SluiceCore.CoreMetricType,
  SluiceCore.CorePlugin<SluiceCore.CoreContext>,
  SluiceCore.DispatchOptions<SluiceCore.CoreContext>,
  SluiceCore.EventHook,
  SluiceCore.EventMethodCallHook,
  SluiceCore.EventQueueEmitterContract<SluiceCore.CoreContext>,
  SluiceCore.JSONArray,
  SluiceCore.JSONObject,
  SluiceCore.JSONPrimitive,
]
