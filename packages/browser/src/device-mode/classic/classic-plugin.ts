import { createDeferred } from '@sluice/core'
import { fence, hostClock, isCancelation, keepsEvents, withTimeLimit } from '@sluice/core/internal'
import type { PageLifecycle } from '../../adapters/page-lifecycle'
import type { Analytics } from '../../analytics'
import type { ClassicIntegration, ClassicIntegrationSource } from '../../browser-settings'
import type { Context } from '../../context'
import { applyDestinationMiddleware } from '../../middleware/apply-destination-middleware'
import type { DestinationMiddlewareFunction } from '../../middleware/types'
import type { InternalDestinationPluginWithAddMiddleware } from '../../plugins/types'
import { countCall, tellFailure } from '../reports'
import { assertPlanned } from './assert-planned'
import type { HeldEvents } from './held-events'
import { createIntegrationScripts } from './integration-scripts'
import { makeIntegration } from './make-integration'
import { type ClassicType, toFacade } from './to-facade'

export interface ClassicPluginOptions {
  readonly name: string
  readonly version: string
  /** Of the destination, those of the page over those of the source. */
  readonly settings: object
  /** Its code from npm; without it, its script on the CDN is put on the page. */
  readonly source: ClassicIntegrationSource | undefined
  readonly analytics: Analytics
  readonly lifecycle: Pick<PageLifecycle, 'isOnline' | 'onOnline' | 'onLeave'>
  holdEvents(dropped: (ctx: Context) => void): HeldEvents
}

/**
 * A destination of the first generation as a plugin. It is loaded when its code says that it is ready. Until then, and
 * while the page is offline, events wait for it here, so that nobody waits for them. Page views wait only until it is
 * initialized, or for the events before them: some destinations begin with the first one.
 */
export function classicPlugin(options: ClassicPluginOptions): InternalDestinationPluginWithAddMiddleware {
  const { name, version, settings, source, analytics, lifecycle } = options
  const { cdnSettings, cdnURL = '' } = analytics.settings
  const { plan = cdnSettings.plan, pluginTimeout = 30_000 } = analytics.options
  const { obfuscate, disableAutoISOConversion } = analytics.options
  const scripts = createIntegrationScripts(cdnURL, { name, version, obfuscate })
  const middleware: DestinationMiddlewareFunction[] = []
  const held = options.holdEvents((ctx) => ctx.log('warn', 'Given up by a destination', { plugin: name }))
  const usable = createDeferred<boolean>()
  const stops: (() => void)[] = []
  let integration: ClassicIntegration | undefined
  let isInitialized = false
  let isReady = false
  /** It has been given up or unloaded. */
  let isOver = false

  const count = (ctx: Context, method: string, hasFailed = false) =>
    countCall('classic', ctx, method, name, hasFailed)

  const mayTakeAll = () => isReady && lifecycle.isOnline()
  const mayTake = ({ event }: Context) => mayTakeAll() || (isInitialized && event.type === 'page')

  const deliver = async (ctx: Context): Promise<Context> => {
    const method = ctx.event.type as ClassicType
    assertPlanned(plan, ctx.event, name)
    const given = await applyDestinationMiddleware(ctx, name, middleware)
    if (!given) return ctx
    const facade = toFacade(method, given.event, !disableAutoISOConversion)
    count(ctx, method)
    try {
      await integration?.invoke(method, facade)
    } catch (reason) {
      count(ctx, method, true)
      throw reason
    }
    return ctx
  }

  const deliverHeld = () => {
    if (mayTakeAll()) held.takeBack()
    for (const ctx of held.take(mayTake)) {
      deliver(ctx).catch((error: unknown) => {
        const isDropped = isCancelation(error)
        ctx.log(isDropped ? 'warn' : 'error', isDropped ? error.type : 'plugin Error', {
          plugin: name,
          error,
        })
        if (!isDropped) analytics.queue.emit('destination_failure', ctx, plugin, error)
      })
    }
  }

  const take = (ctx: Context): Context | Promise<Context> => {
    if (held.isEmpty() && mayTake(ctx)) return deliver(ctx)
    held.add(ctx)
    return ctx
  }

  const takePage = (ctx: Context): Context | Promise<Context> => {
    if (integration?._assumesPageview && !isInitialized) {
      const failed = (error: unknown) => ctx.log('error', 'plugin Error', { plugin: name, error })
      fence(integration.initialize.bind(integration), () => {}, failed)
    }
    return take(ctx)
  }

  const begin = async (ctx: Context): Promise<void> => {
    try {
      const found = source ?? (await scripts.load(ctx))
      if (isOver) return
      integration = makeIntegration(found, settings, analytics)
    } catch (reason) {
      count(ctx, 'load', true)
      throw reason
    }
    integration.on('initialize', () => {
      if (isOver) return
      isInitialized = true
      deliverHeld()
    })
    integration.once('ready', () => {
      if (isOver) return
      isInitialized = true
      isReady = true
      usable.resolve(true)
      deliverHeld()
    })
    try {
      count(ctx, 'initialize')
      await integration.initialize()
    } catch (reason) {
      count(ctx, 'initialize', true)
      throw reason
    }
  }

  const end = () => {
    isOver = true
    usable.resolve(false)
    for (const stop of stops.splice(0)) stop()
    held.drop()
  }

  const load = async (ctx: Context): Promise<void> => {
    if (stops.length > 0) return
    stops.push(lifecycle.onLeave(held.leave), lifecycle.onOnline(deliverHeld))
    // It is over when it is ready, and also when it is unloaded while its script is on the way.
    const loaded = Promise.race([begin(ctx).then(() => usable.promise), usable.promise])
    try {
      await withTimeLimit(loaded, { clock: hostClock, ms: pluginTimeout }, `Loading ${name}`)
    } catch (reason) {
      // The next page may have a network again.
      if (!lifecycle.isOnline()) held.leave()
      end()
      tellFailure(analytics, name, reason)
      throw reason
    }
  }

  const plugin = {
    name,
    type: 'destination' as const,
    version,
    isLoaded: () => isReady,
    load,
    ready: () => usable.promise,
    unload() {
      end()
      scripts.unload()
    },
    addMiddleware(...added: DestinationMiddlewareFunction[]) {
      middleware.push(...added)
    },
    track: take,
    page: takePage,
    identify: take,
    alias: take,
    group: take,
    [keepsEvents]: true,
  }
  return plugin
}
