import { assertPlugin } from '@sluice/core/internal'
import { Analytics } from './analytics'
import type { Beginning, WaitingCalls } from './beginning'
import { Context } from './context'
import { EventQueue } from './event-queue'
import { extensions } from './extensions'
import { attachInspector } from './inspector'
import { NullAnalytics } from './null-analytics'
import type { SegmentioSettings } from './options'
import { createKeeper } from './outbox/keeper'
import { leaveOut } from './plugins/leave-out'
import { createPageEnrichment } from './plugins/page-enrichment'
import { segmentio } from './plugins/segmentio'
import { trackingAPISettings } from './plugins/tracking-api'
import { prepare } from './prepare'

const waiting = 'Events wait: the settings could not be loaded, and only they say where events go'

/** Makes the client of a page, and lets it go on with the calls that were made before. Without settings it is inert. */
export async function complete(beginning: Beginning, isInert: boolean): Promise<[Analytics, Context]> {
  const { settings, options, calls, query, early } = beginning
  const found = isInert ? undefined : await prepare(beginning)
  if (!found) return inert(calls)
  const { cdnSettings, failure, later, environment } = found
  const { page, user, group } = found.acceptor
  const ofSource = cdnSettings.integrations['Segment.io'] as Partial<SegmentioSettings> | undefined
  const retryQueue = options.retryQueue ?? ofSource?.retryQueue ?? true
  const queue = new EventQueue({ pluginTimeout: options.pluginTimeout ?? 30_000 })
  queue.keeper = createKeeper(page)
  queue.isRetrying = retryQueue
  const analytics: Analytics = new Analytics(
    { ...settings, cdnSettings },
    // As with Segment's library, destinations find the plan of the source there.
    Object.assign(options, { retryQueue, plan: options.plan ?? cdnSettings.plan }),
    queue,
    user,
    group,
  )
  attachInspector(analytics)
  const ofAPI = trackingAPISettings(analytics.integrations, cdnSettings)
  const api = ofAPI ? [segmentio(analytics, ofAPI, cdnSettings.integrations, early, later)] : []
  const asked = (await extensions(analytics, settings)).filter((plugin) => {
    try {
      assertPlugin(plugin)
      return true
    } catch (reason) {
      leaveOut(analytics, plugin, reason)
      return false
    }
  })
  const ctx = await analytics.register(createPageEnrichment(environment), ...api, ...asked)
  // Plugins of the application may see what comes from here on.
  early?.stop()
  await calls.setUp(analytics)

  const reason = later ? new Error(waiting, { cause: failure?.reason }) : failure?.reason
  if (failure) analytics.emit('error', { code: 'settings_failure', reason })
  analytics.initialized = true
  analytics.emit('initialize', analytics.settings, analytics.options)
  if (query) await followLink(analytics, query)
  calls.begin(analytics)
  // Only now: what earlier pages have left goes through all plugins of this one.
  for (const plugin of api) void plugin.adopt()
  return [analytics, ctx]
}

function inert(calls: WaitingCalls): [Analytics, Context] {
  const analytics = new NullAnalytics()
  void calls.setUp(analytics)
  calls.begin(analytics)
  return [analytics, Context.system()]
}

async function followLink(analytics: Analytics, query: string): Promise<void> {
  try {
    const { callLink } = await import('./query-string/call-link')
    for (const sent of callLink(analytics, query)) sent.catch(console.error)
  } catch (reason) {
    console.error('The link of this page was not followed', reason)
  }
}
