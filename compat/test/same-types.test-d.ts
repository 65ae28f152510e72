import type * as SegmentCore from '@segment/analytics-core'
import type * as Segment from '@segment/analytics-node'
import type * as SluiceCore from '@sluice/core'
import type * as Sluice from '@sluice/node'
import { expectTypeOf } from 'expect-type'

/*
 * What compiles against their types compiles against ours: what a caller hands in may be wider with us,
 * what a caller gets back may be narrower. Nothing here runs; the type checker is the test.
 */

// What a caller hands in.
expectTypeOf<Segment.AnalyticsSettings>().toExtend<Sluice.AnalyticsSettings>()
expectTypeOf<Segment.TrackParams>().toExtend<Sluice.TrackParams>()
expectTypeOf<Segment.IdentifyParams>().toExtend<Sluice.IdentifyParams>()
expectTypeOf<Segment.PageParams>().toExtend<Sluice.PageParams>()
expectTypeOf<Segment.GroupParams>().toExtend<Sluice.GroupParams>()
expectTypeOf<Segment.AliasParams>().toExtend<Sluice.AliasParams>()
expectTypeOf<Segment.OAuthSettings>().toExtend<Sluice.OAuthSettings>()
expectTypeOf<Segment.HTTPClient>().toExtend<Sluice.HTTPClient>()
expectTypeOf<Segment.HTTPFetchFn>().toExtend<Sluice.HTTPFetchFn>()
expectTypeOf<Segment.HTTPResponse>().toExtend<Sluice.HTTPResponse>()
expectTypeOf<Segment.UserTraits>().toExtend<Sluice.UserTraits>()
expectTypeOf<Segment.GroupTraits>().toExtend<Sluice.GroupTraits>()

// What a caller gets back.
expectTypeOf<Sluice.HTTPClientRequest>().toExtend<Segment.HTTPClientRequest>()
expectTypeOf<Sluice.HTTPFetchRequest>().toExtend<Segment.HTTPFetchRequest>()
expectTypeOf<Sluice.UserTraits>().toExtend<Segment.UserTraits>()
expectTypeOf<Sluice.GroupTraits>().toExtend<Segment.GroupTraits>()
expectTypeOf<Sluice.Analytics['VERSION']>().toEqualTypeOf<Segment.Analytics['VERSION']>()
expectTypeOf<Sluice.Analytics['ready']>().toExtend<Promise<void>>()
expectTypeOf<ReturnType<Sluice.Analytics['track']>>().toEqualTypeOf<ReturnType<Segment.Analytics['track']>>()
expectTypeOf<ReturnType<Sluice.Analytics['flush']>>().toExtend<ReturnType<Segment.Analytics['flush']>>()
expectTypeOf<ReturnType<Sluice.Analytics['closeAndFlush']>>().toExtend<
  ReturnType<Segment.Analytics['closeAndFlush']>
>()

// The arguments of the methods, but for the callback, whose context is a class of each library.
type Params<T extends 'track' | 'identify' | 'page' | 'screen' | 'group' | 'alias'> = {
  segment: Parameters<Segment.Analytics[T]>[0]
  sluice: Parameters<Sluice.Analytics[T]>[0]
}
expectTypeOf<Params<'track'>['segment']>().toExtend<Params<'track'>['sluice']>()
expectTypeOf<Params<'identify'>['segment']>().toExtend<Params<'identify'>['sluice']>()
expectTypeOf<Params<'page'>['segment']>().toExtend<Params<'page'>['sluice']>()
expectTypeOf<Params<'screen'>['segment']>().toExtend<Params<'screen'>['sluice']>()
expectTypeOf<Params<'group'>['segment']>().toExtend<Params<'group'>['sluice']>()
expectTypeOf<Params<'alias'>['segment']>().toExtend<Params<'alias'>['sluice']>()
expectTypeOf<Parameters<Segment.Analytics['flush']>>().toExtend<Parameters<Sluice.Analytics['flush']>>()
expectTypeOf<Parameters<Segment.Analytics['closeAndFlush']>>().toExtend<
  Parameters<Sluice.Analytics['closeAndFlush']>
>()
expectTypeOf<Parameters<Segment.Analytics['deregister']>>().toExtend<
  Parameters<Sluice.Analytics['deregister']>
>()

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
expectTypeOf<{ event: string; userId: string; anonymousId: undefined }>().toExtend<Sluice.TrackParams>()
expectTypeOf<{ event: string; userId: undefined; anonymousId: string }>().toExtend<Sluice.TrackParams>()
expectTypeOf<{ userId: string; traits: undefined; context: undefined }>().toExtend<Sluice.IdentifyParams>()
expectTypeOf<{ userId: string; traits: Traits }>().toExtend<Sluice.IdentifyParams>()
expectTypeOf<{ userId: string; traits: { email: null; address: null } }>().toExtend<Sluice.IdentifyParams>()
expectTypeOf<typeof fetch>().toExtend<Sluice.HTTPFetchFn>()
expectTypeOf<Response>().toExtend<Sluice.HTTPResponse>()
expectTypeOf<{
  status: number
  statusText: string
  headers: Record<string, string>
}>().toExtend<Sluice.HTTPResponse>()

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
expectTypeOf<SegmentCore.CoreExtraContext>().toExtend<SluiceCore.CoreExtraContext>()
expectTypeOf<SegmentCore.CoreOptions>().toExtend<SluiceCore.CoreOptions>()
expectTypeOf<SegmentCore.CoreSegmentEvent>().toExtend<SluiceCore.CoreSegmentEvent>()
expectTypeOf<SegmentCore.EventProperties>().toExtend<SluiceCore.EventProperties>()
expectTypeOf<SegmentCore.IntegrationsOptions>().toExtend<SluiceCore.IntegrationsOptions>()
expectTypeOf<SegmentCore.SegmentEventMetadata>().toExtend<SluiceCore.SegmentEventMetadata>()
expectTypeOf<SegmentCore.Traits>().toExtend<SluiceCore.Traits>()
expectTypeOf<SegmentCore.UserTraits>().toExtend<SluiceCore.UserTraits>()
expectTypeOf<SegmentCore.GroupTraits>().toExtend<SluiceCore.GroupTraits>()
expectTypeOf<SegmentCore.BaseUserTraits>().toExtend<SluiceCore.BaseUserTraits>()
expectTypeOf<SegmentCore.Campaign>().toExtend<SluiceCore.Campaign>()
expectTypeOf<SegmentCore.Plan>().toExtend<SluiceCore.Plan>()
expectTypeOf<SegmentCore.TrackPlan>().toExtend<SluiceCore.TrackPlan>()
expectTypeOf<SegmentCore.PlanEvent>().toExtend<SluiceCore.PlanEvent>()
expectTypeOf<SegmentCore.JSONValue>().toExtend<SluiceCore.JSONValue>()
expectTypeOf<SegmentCore.CancelationOptions>().toExtend<SluiceCore.CancelationOptions>()
expectTypeOf<SegmentCore.EventFactorySettings>().toExtend<SluiceCore.EventFactorySettings>()
expectTypeOf<SegmentCore.CoreAnalytics>().toExtend<SluiceCore.CoreAnalytics>()
expectTypeOf<SluiceCore.CoreSegmentEvent>().toExtend<SegmentCore.CoreSegmentEvent>()
expectTypeOf<SluiceCore.SerializedContext>().toExtend<SegmentCore.SerializedContext>()
expectTypeOf<SluiceCore.CoreMetric>().toExtend<SegmentCore.CoreMetric>()
expectTypeOf<SluiceCore.CompactMetric>().toExtend<SegmentCore.CompactMetric>()
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
