/** The page's own script: an application of Segment's library. Ours runs it by an alias for the import. */
import { AnalyticsBrowser, type AnalyticsBrowserSettings, type Context } from '@segment/analytics-next'
import type { Call, CallResult, Config } from '../visit-config'

const config: Config = JSON.parse(document.getElementById('config')?.textContent ?? '')
const classic: Record<string, () => Promise<typeof import('@segment/analytics.js-integration-hotjar')>> = {
  Amplitude: () => import('@segment/analytics.js-integration-amplitude'),
  Hotjar: () => import('@segment/analytics.js-integration-hotjar'),
}

type PluginFactory = Extract<NonNullable<AnalyticsBrowserSettings['plugins']>[number], { pluginName: string }>

declare global {
  interface Window {
    /** Settled when all calls have come to their ends. */
    visit: Promise<void>
    /** How each call ended, in their order. */
    results: CallResult[]
    /** All calls have been made, and may be under way. */
    hasCalled?: boolean
    /** The client, for tests that look at it. */
    client: AnalyticsBrowser
  }
}

window.results = []
window.visit = visit()

async function visit(): Promise<void> {
  const sources = await Promise.all(config.classicFromNPM.map((name) => classic[name]?.()))
  const factories = await Promise.all(config.factories.map(loadFactory))
  const analytics = AnalyticsBrowser.load(
    {
      ...config.settings,
      plugins: factories,
      classicIntegrations: sources.flatMap((source) => (source ? [source.default] : [])),
    },
    config.options,
  )
  window.client = analytics
  if (config.pace === 'at once') {
    await analytics
    const calls = config.calls.map((call) => make(analytics, call))
    window.hasCalled = true
    await Promise.all(calls)
  } else {
    await analytics.ready()
    for (const call of config.calls) await make(analytics, call)
  }
}

/** As a package of the destination would export it. */
async function loadFactory({ name, libraryName, url }: Config['factories'][number]): Promise<PluginFactory> {
  await new Promise((resolve, reject) => {
    const script = document.createElement('script')
    document.head.append(Object.assign(script, { src: url, onload: resolve, onerror: reject }))
  })
  const factory: unknown = Reflect.get(window, libraryName)
  Reflect.deleteProperty(window, libraryName)
  if (typeof factory !== 'function') throw new Error(`${url} brings no ${libraryName}`)
  return Object.assign((settings: unknown) => factory(settings), { pluginName: name })
}

async function make(analytics: AnalyticsBrowser, [method, ...args]: Call): Promise<void> {
  const index = window.results.push({ type: method, isOpen: true }) - 1
  try {
    const context: unknown = await Reflect.apply(Reflect.get(analytics, method), analytics, args)
    window.results[index] = isContext(context) ? resultOf(context) : { type: method }
  } catch (cause) {
    window.results[index] = { type: method, error: String(cause) }
  }
}

const isContext = (value: unknown): value is Context =>
  typeof value === 'object' && value !== null && 'event' in value

function resultOf({ event }: Context): CallResult {
  const { type, event: name, messageId, integrations } = event
  return JSON.parse(JSON.stringify({ type, name, messageId, integrations }))
}
