/** The page's own script: an application of Segment's library. Ours runs it by an alias for the import. */
import { AnalyticsBrowser, type Context } from '@segment/analytics-next'
import type { Call, CallResult, Config } from '../visit-config'

const config: Config = JSON.parse(document.getElementById('config')?.textContent ?? '')
const classic: Record<string, () => Promise<typeof import('@segment/analytics.js-integration-hotjar')>> = {
  Amplitude: () => import('@segment/analytics.js-integration-amplitude'),
  Hotjar: () => import('@segment/analytics.js-integration-hotjar'),
}

declare global {
  interface Window {
    /** Settled when all calls have been made and come to their ends. */
    visit: Promise<CallResult[]>
    /** The client, for tests that look at it. */
    client: AnalyticsBrowser
  }
}

window.visit = visit()

async function visit(): Promise<CallResult[]> {
  const sources = await Promise.all(config.classicFromNPM.map((name) => classic[name]?.()))
  const analytics = AnalyticsBrowser.load(
    {
      ...config.settings,
      classicIntegrations: sources.flatMap((source) => (source ? [source.default] : [])),
    },
    config.options,
  )
  window.client = analytics
  if (config.pace === 'at once') return Promise.all(config.calls.map((call) => make(analytics, call)))

  await analytics
  const results: CallResult[] = []
  for (const call of config.calls) results.push(await make(analytics, call))
  return results
}

async function make(analytics: AnalyticsBrowser, [method, ...args]: Call): Promise<CallResult> {
  try {
    const context: unknown = await Reflect.apply(Reflect.get(analytics, method), analytics, args)
    return isContext(context) ? resultOf(context) : { type: method }
  } catch (cause) {
    return { type: method, error: String(cause) }
  }
}

const isContext = (value: unknown): value is Context =>
  typeof value === 'object' && value !== null && 'event' in value

function resultOf({ event }: Context): CallResult {
  const { type, event: name, messageId, integrations } = event
  return JSON.parse(JSON.stringify({ type, name, messageId, integrations }))
}
