/** Segment's consent tools, on a page with a consent platform. */
import { type AnyAnalytics, createWrapper, resolveWhen } from '@segment/analytics-consent-tools'
import { AnalyticsBrowser, type CDNSettings } from '@segment/analytics-next'
import { createConsentManager } from './support/consent-manager'
import { offer, type Scenario } from './support/scenarios'
import { outcome } from './support/settle'

type Settings = Parameters<typeof createWrapper>[0]

const everything = { Analytics: true, Advertising: true }
const analyticsOnly = { Analytics: true, Advertising: false }
const nothing = { Analytics: false, Advertising: false }

/** The client whose `load` asks for consent. */
function wrapped(settings: Settings): AnalyticsBrowser {
  const analytics = new AnalyticsBrowser()
  return createWrapper<AnalyticsBrowser>(settings)(analytics)
}

/** What applications have in the types of the library goes on to the tools; the compiler says so. */
export function loadWith(wrapped: AnyAnalytics, writeKey: string, cdnSettings: CDNSettings): void {
  wrapped.load({ writeKey, cdnSettings })
}

/** The visitor's choice is there before the page is. */
const chosenBefore =
  (model: 'opt-in' | 'opt-out', categories: Record<string, boolean>): Scenario =>
  async ({ settings, options }) => {
    const platform = createConsentManager(categories)
    const analytics = wrapped({
      ...platform.adapter,
      shouldLoadSegment: (ctx) => ctx.load({ consentModel: model }),
    })
    const identified = analytics.identify(
      'ada',
      { plan: 'pro' },
      { context: { consent: { source: 'test' } } },
    )
    const early = analytics.track('Before Load', { step: 1 })
    const load = outcome(Promise.resolve(analytics.load(settings, options)))
    const client = outcome(analytics)
    const late = analytics.track('After Load', { step: 2 })
    const begun = { load: await load, client: await client }
    // With Segment's library they never settle where nothing may load.
    const waitMs = model === 'opt-in' && !Object.values(categories).includes(true) ? 2_000 : undefined
    return {
      ...begun,
      calls: await Promise.all([identified, early, late].map((call) => outcome(call, waitMs))),
    }
  }

offer({
  'opt-in, all agreed': chosenBefore('opt-in', everything),
  'opt-in, some agreed': chosenBefore('opt-in', analyticsOnly),
  'opt-in, nothing agreed': chosenBefore('opt-in', nothing),
  'opt-out, all agreed': chosenBefore('opt-out', everything),
  'opt-out, some agreed': chosenBefore('opt-out', analyticsOnly),
  'opt-out, nothing agreed': chosenBefore('opt-out', nothing),

  /** Nothing happens until the banner is closed; what the visitor did meanwhile is told then. */
  async 'opt-in, after the banner'({ settings, options }) {
    const platform = createConsentManager()
    const analytics = wrapped({
      ...platform.adapter,
      shouldLoadSegment: () => resolveWhen(() => !platform.isOpen(), 20),
    })
    void analytics.load(settings, { ...options, initialPageview: true })
    const early = analytics.track('Behind The Banner')
    history.pushState(null, '', '/elsewhere')
    const before = await outcome(analytics, 200)
    platform.choose(analyticsOnly)
    return { before, after: await outcome(analytics), early: await outcome(early) }
  },

  async 'opt-out, changed on the page'({ settings, options }) {
    const platform = createConsentManager(everything)
    const analytics = wrapped({
      ...platform.adapter,
      shouldLoadSegment: (ctx) => ctx.load({ consentModel: 'opt-out' }),
    })
    void analytics.load(settings, options)
    await analytics
    await analytics.track('Agreed')
    platform.choose(analyticsOnly)
    await analytics.track('Agreed In Part')
    platform.choose(nothing)
    await analytics.track('Agreed To Nothing')
    platform.choose(everything)
    await analytics.track('Agreed Again')
  },

  async 'opt-in, changed on the page'({ settings, options }) {
    const platform = createConsentManager(analyticsOnly)
    const analytics = wrapped(platform.adapter)
    void analytics.load(settings, options)
    await analytics
    await analytics.track('Agreed In Part')
    platform.choose(everything)
    await analytics.track('Agreed')
    platform.choose(nothing)
    await analytics.track('Agreed To Nothing')
  },

  async 'mapped on the page'({ settings, options }) {
    const analytics = wrapped({
      getCategories: async () => analyticsOnly,
      integrationCategoryMappings: { Recorder: ['Analytics'] },
      shouldLoadSegment: (ctx) => ctx.load({ consentModel: 'opt-out' }),
    })
    void analytics.load(settings, options)
    await analytics
    await analytics.track('Mapped')
  },

  async 'a rule of its own'({ settings, options }) {
    const asked: unknown[] = []
    const analytics = wrapped({
      getCategories: () => analyticsOnly,
      shouldEnableIntegration: (categories, _chosen, { creationName }) => {
        if (!asked.includes(creationName)) asked.push(creationName)
        return creationName === 'Segment.io' || categories.includes('Advertising')
      },
    })
    void analytics.load(settings, options)
    await analytics
    await analytics.track('By The Rule')
    return { asked: asked.sort() }
  },

  /** The options of the page's own go along with those of the tools. */
  async 'options of the page'({ settings, options }) {
    const seen: string[] = []
    const analytics = wrapped({ getCategories: () => everything })
    void analytics.load(settings, {
      ...options,
      updateCDNSettings(cdnSettings) {
        seen.push('updated')
        return { ...cdnSettings, remotePlugins: [] }
      },
      disable(cdnSettings) {
        seen.push(`asked with ${cdnSettings.remotePlugins?.length} plugins`)
        return false
      },
    })
    await analytics
    await analytics.track('With Options')
    return { seen }
  },

  async 'disabled by the page'({ settings, options }) {
    const analytics = wrapped({ getCategories: () => everything })
    void analytics.load(settings, { ...options, disable: true })
    await outcome(analytics)
    void analytics.track('Never')
    return null
  },

  async 'disabled by the platform'({ settings, options }) {
    const analytics = wrapped({ getCategories: () => everything, shouldDisableSegment: async () => true })
    const load = await outcome(Promise.resolve(analytics.load(settings, options)))
    void analytics.track('Never')
    return { load, client: await outcome(analytics, 200) }
  },

  async 'aborted, loads without consent'({ settings, options }) {
    const analytics = wrapped({
      getCategories: () => nothing,
      shouldLoadSegment: (ctx) => ctx.abort({ loadSegmentNormally: true }),
    })
    void analytics.load(settings, options)
    await analytics
    await analytics.track('Unstamped')
  },

  async 'aborted, loads nothing'({ settings, options }) {
    const analytics = wrapped({
      getCategories: () => nothing,
      shouldLoadSegment: (ctx) => ctx.abort({ loadSegmentNormally: false }),
    })
    void analytics.load(settings, options)
    void analytics.track('Never')
    return outcome(analytics, 200)
  },

  async 'a platform that never comes'({ settings, options }) {
    const analytics = wrapped({
      getCategories: () => everything,
      shouldLoadWrapper: () => Promise.reject(new Error('No platform')),
    })
    const load = await outcome(Promise.resolve(analytics.load(settings, options)))
    return { load, client: await outcome(analytics, 200) }
  },

  async 'categories that are none'({ settings, options }) {
    const categories = Object.assign({}, everything, { Analytics: 'yes' })
    const analytics = wrapped({ getCategories: () => categories })
    const load = await outcome(Promise.resolve(analytics.load(settings, options)))
    return { load, client: await outcome(analytics, 200) }
  },
})
