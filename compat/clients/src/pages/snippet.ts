/** Segment's consent tools around a snippet: they wrap its array, and go on with the client that takes its place. */
import { createWrapper } from '@segment/analytics-consent-tools'
import type { AnalyticsSnippet } from '@segment/analytics-next'
import { createConsentManager } from './support/consent-manager'
import { offer, type Scenario } from './support/scenarios'

declare global {
  interface Window {
    analytics: AnalyticsSnippet & { initialized?: boolean }
  }
}

async function loaded(): Promise<void> {
  const deadline = performance.now() + 15_000
  while (!window.analytics.initialized) {
    if (performance.now() > deadline) throw new Error('The client has not taken over')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const scenario =
  (
    consentModel: 'opt-in' | 'opt-out',
    first: Record<string, boolean>,
    then: Record<string, boolean>,
  ): Scenario =>
  async ({ options }) => {
    const platform = createConsentManager(first)
    const analytics = createWrapper<AnalyticsSnippet>({
      ...platform.adapter,
      shouldLoadSegment: (ctx) => ctx.load({ consentModel }),
    })(window.analytics)
    analytics.identify('ada', { plan: 'pro' })
    analytics.track('Before Load')
    analytics.load('dev', { ...options, initialPageview: true })
    await loaded()
    await window.analytics.track('After Load')
    platform.choose(then)
    await window.analytics.track('After The Choice')
  }

const everything = { Analytics: true, Advertising: true }
const analyticsOnly = { Analytics: true, Advertising: false }

offer({
  'opt-in, all agreed': scenario('opt-in', everything, analyticsOnly),
  'opt-in, some agreed': scenario('opt-in', analyticsOnly, everything),
  'opt-out, some agreed': scenario('opt-out', analyticsOnly, everything),
})
