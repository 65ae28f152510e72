import type { CoreAnalytics } from '../analytics'
import type { ContextFailedDelivery, CoreContext } from '../context'
import { withFailure } from './failure'

/**
 * When a plugin sees an event: `before` everything else, where it may change or drop it · `enrichment`, where it may
 * add to it · `destination`, where it is sent · `after` it was sent · `utility`, never, it is only loaded.
 */
export type PluginType = 'before' | 'after' | 'destination' | 'enrichment' | 'utility'

/** The part of a plugin that events meet. */
export interface HookedPlugin<Ctx extends CoreContext = CoreContext> {
  /** Shown in logs and reports; by it destinations are switched on and off and plugins deregistered. */
  name: string
  /** Other names by which `integrations` may switch this destination. */
  alternativeNames?: string[]
  type: PluginType

  track?: PluginHook<Ctx>
  identify?: PluginHook<Ctx>
  page?: PluginHook<Ctx>
  group?: PluginHook<Ctx>
  alias?: PluginHook<Ctx>
  screen?: PluginHook<Ctx>
}

/**
 * A named extension of the pipeline. Every hook is optional; it gets the context of an event and answers it, or
 * another one to go on with, or (in `before` and `enrichment` plugins) `null` to drop the event.
 *
 * @example
 * analytics.register({
 *   name: 'Drop health checks', type: 'before', version: '1.0.0',
 *   isLoaded: () => true, load: async () => {},
 *   page: (ctx) => (ctx.event.name === 'Health' ? null : ctx),
 * })
 */
export interface CorePlugin<Ctx extends CoreContext = CoreContext, Analytics = CoreAnalytics>
  extends HookedPlugin<Ctx> {
  version?: string
  isLoaded: () => boolean
  /** Called once, at registration. Events wait for it, those of a destination for that destination alone. */
  load: (ctx: Ctx, instance: Analytics) => Promise<unknown>
  /** Called when the plugin is deregistered. */
  unload?: (ctx: Ctx, instance: Analytics) => Promise<unknown> | unknown
  ready?: () => Promise<unknown>
}

export type PluginHook<Ctx extends CoreContext = CoreContext> = (ctx: Ctx) => Promise<Ctx | null> | Ctx | null

/** Names what a hook of our own destinations is called by instead; see {@link SettlingHook}. */
export const acceptEvent = /* @__PURE__ */ Symbol.for('sluice: accept event')

/**
 * The hook of a destination of our own that can tell how an event ended without a promise for each one: thousands of
 * events wait for one answer. It belongs to the hook, so that one which somebody puts in its place is called as usual.
 */
export interface SettlingHook<Ctx extends CoreContext = CoreContext> {
  (ctx: Ctx): Promise<Ctx>
  /** Takes the event over and calls `settled` once, later or at once, when it was delivered or has failed. */
  [acceptEvent]: (ctx: Ctx, settled: Settled) => void
}

/** Hears how an event ended: without a failure it was delivered, or the context tells. */
export type Settled = (failure?: ContextFailedDelivery) => void

/** Makes a hook of the function by which a destination of our own takes events. */
export function settlingHook<Ctx extends CoreContext>(
  accept: (ctx: Ctx, settled: Settled) => void,
): SettlingHook<Ctx> {
  const hook = (ctx: Ctx) =>
    new Promise<Ctx>((resolve) =>
      accept(ctx, (failure) => resolve(failure ? withFailure(ctx, failure) : ctx)),
    )
  return Object.assign(hook, { [acceptEvent]: accept })
}

/**
 * Names the method by which a destination of our own decides itself, of the event's `integrations`, whether it gets the
 * event: one that stands for several, of which each has names of its own.
 */
export const wantsEvent = /* @__PURE__ */ Symbol.for('sluice: wants event')

/**
 * Marks a destination of our own that keeps what comes while it is loading: it gets events at once, so that whoever waits
 * for an event does not wait for a script that hangs.
 */
export const keepsEvents = /* @__PURE__ */ Symbol.for('sluice: keeps events')
