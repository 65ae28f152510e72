/** PostHog, told to use the page's client: it takes over the visitor's ids and adds its properties to every event. */
import { AnalyticsBrowser } from '@segment/analytics-next'
import posthog, { type PostHog, type PostHogConfig } from 'posthog-js'
import { offer, type Surroundings } from './support/scenarios'

/** PostHog's types hold for none of the libraries: to them an anonymous id is never null. */
type Segment = PostHogConfig['segment'] & {}

/** PostHog with nothing but what concerns the client. */
function start(client: object, { vendorURL }: Pick<Surroundings, 'vendorURL'>): Promise<PostHog> {
  return new Promise((loaded) => {
    posthog.init('phc_test', {
      api_host: vendorURL,
      segment: client as Segment,
      loaded,
      autocapture: false,
      capture_pageview: false,
      capture_pageleave: false,
      disable_session_recording: true,
      disable_surveys: true,
      advanced_disable_flags: true,
      disable_external_dependency_loading: true,
      disable_compression: true,
      request_batching: false,
      // It would take the browser of a test for a robot.
      opt_out_useragent_filter: true,
      debug: false,
    })
  })
}

/** What a shop tells of a visit, up to the moment in which the visitor signs out. */
async function tell(analytics: AnalyticsBrowser): Promise<void> {
  await analytics.page('Shop', 'Cart', { items: 2 })
  await analytics.track('Order Completed', { total: 9.5, $current_url: 'kept' })
  await analytics.identify('ada', { plan: 'pro' })
  await analytics.track('After Sign In')
  await analytics.reset()
  await analytics.track('After Sign Out')
}

/** Who the visitor is for either. */
async function visitor(analytics: AnalyticsBrowser) {
  const user = await analytics.user()
  return {
    id: user.id() ?? null,
    anonymousId: user.anonymousId(),
    distinctId: posthog.get_distinct_id(),
    deviceId: posthog.get_property('$device_id') ?? null,
  }
}

offer({
  async 'a client that loads'({ settings, options, vendorURL }) {
    const analytics = AnalyticsBrowser.load(settings, options)
    await start(analytics, { vendorURL })
    const before = await visitor(analytics)
    await tell(analytics)
    return { before, after: await visitor(analytics) }
  },

  async 'a client that is there'({ settings, options, vendorURL }) {
    const analytics = AnalyticsBrowser.load(settings, options)
    const [instance] = await analytics
    await start(instance, { vendorURL })
    const before = await visitor(analytics)
    await tell(analytics)
    return { before, after: await visitor(analytics) }
  },

  async 'a visitor who has signed in'({ settings, options, vendorURL }) {
    const analytics = AnalyticsBrowser.load(settings, options)
    await analytics.identify('ada', { plan: 'pro' })
    await start(analytics, { vendorURL })
    await analytics.screen('Settings')
    await analytics.group('engines', { seats: 3 })
    await analytics.track('Seat Added', { seats: 4 })
    return visitor(analytics)
  },

  /** What is called while PostHog is not there yet goes without its properties, and nothing is lost. */
  async 'calls while it starts'({ settings, options, vendorURL }) {
    const analytics = AnalyticsBrowser.load(settings, options)
    const started = start(analytics, { vendorURL })
    const early = analytics.track('Early')
    await started
    await early
    await analytics.track('Late')
    return visitor(analytics)
  },
})
