import { createFakeClock, settled } from '@sluice/testing'
import type { CoreAnalytics, CorePlugin, CoreSegmentEvent, PluginHook, PluginType } from '../../src'
import { CoreContext, CoreEventQueue, CoreStats, PriorityQueue } from '../../src'
import type { Clock } from '../../src/internal'

export class TestContext extends CoreContext {}

class TestStats extends CoreStats {}

export type TestPlugin = CorePlugin<TestContext>

export class TestQueue extends CoreEventQueue<TestContext, TestPlugin> {}

/** What plugins get for a client. */
export const client: CoreAnalytics = {
  track() {},
  page() {},
  identify() {},
  group() {},
  alias() {},
  screen() {},
  register: async () => {},
  deregister: async () => {},
  VERSION: '0.0.0',
}

/** A context that keeps its metrics. */
export function createContext(fields: Partial<CoreSegmentEvent> = {}, id?: string): TestContext {
  return new TestContext({ type: 'track', event: 'E', properties: {}, ...fields }, id, new TestStats())
}

/** A plugin whose hook for `track` is `track`; without one it has none. */
export function createPlugin(
  type: PluginType,
  name: string,
  track?: PluginHook<TestContext>,
  parts: Partial<TestPlugin> = {},
): TestPlugin {
  return { name, type, isLoaded: () => true, load: async () => {}, ...(track ? { track } : {}), ...parts }
}

/** A hook that answers what no type allows. */
export function answering(answer: unknown): PluginHook<TestContext> {
  return () => answer as null
}

/** A hook that never answers. */
export const hanging: PluginHook<TestContext> = () => new Promise(() => {})

export interface QueueSettings {
  maxAttempts?: number
  pluginTimeout?: number
  clock?: Clock
}

/** A pipeline in which `plugins` are loaded, as far as they load at all, and a trace of all that it tells. */
export async function startQueue(plugins: TestPlugin[] = [], settings: QueueSettings = {}) {
  const clock = createFakeClock()
  const { maxAttempts = 1, pluginTimeout = 0 } = settings
  const queue = new TestQueue(new PriorityQueue(maxAttempts), {
    clock: settings.clock ?? clock,
    pluginTimeout,
  })
  const trace: string[] = []
  for (const name of ['message_delivered', 'delivery_success', 'delivery_retry'] as const) {
    queue.on(name, () => trace.push(name))
  }
  queue.on('message_enriched', (_, plugin) => trace.push(`message_enriched ${plugin.name}`))
  queue.on('destination_failure', (_, plugin, reason) => {
    trace.push(`destination_failure ${plugin.name}: ${messageOf(reason)}`)
  })
  queue.on('delivery_failure', (_, reason) => trace.push(`delivery_failure ${messageOf(reason)}`))
  queue.on('flush', (_, isDelivered) => trace.push(`flush ${isDelivered}`))
  queue.on('initialization_failure', (plugin) => trace.push(`initialization_failure ${plugin.name}`))

  const register = (plugin: TestPlugin, ctx = createContext()) =>
    queue.criticalTasks.run(() => queue.register(ctx, plugin, client))
  for (const plugin of plugins) void register(plugin)
  await settled()
  return { queue, clock, trace, register }
}

/** The log of a context, a line each. */
export function linesOf(ctx: TestContext): string[] {
  return ctx.logs().map(({ level, message }) => `${level} ${message}`)
}

/** The metrics of a context, by name and tags. */
export function metricsOf(ctx: TestContext): string[] {
  return ctx.stats.metrics.map(({ metric, tags }) => [metric, ...tags].join(' '))
}

function messageOf(reason: unknown): string {
  if (reason instanceof Error) return reason.message
  return typeof reason === 'object' && reason !== null && 'reason' in reason
    ? String(reason.reason)
    : String(reason)
}
