/** Prezly's newsrooms: their client asks for the library when it needs it, and has plugins of its own. */
import { ACTIONS, Analytics, Tracking, TrackingPolicy } from '@prezly/analytics-nextjs'
import { createElement, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { offer, type Surroundings } from './support/scenarios'

type Config = Parameters<Analytics['init']>[0]

const newsroom = { newsroom: 'newsroom-1', tracking_policy: TrackingPolicy.NORMAL }
const thirdParty = { categories: ['necessary', 'first-party-analytics', 'third-party-cookies'] }
const firstParty = { categories: ['necessary', 'first-party-analytics'] }
const necessary = { categories: ['necessary'] }

/** The names of categories are an enum that the package keeps to itself. */
const consent = (given: { categories: string[] }) => given as NonNullable<Config['consent']>

function config({ settings, options }: Surroundings, more: Partial<Config> = {}): Config {
  return {
    trackingPolicy: TrackingPolicy.NORMAL,
    plausible: false,
    meta: newsroom,
    segment: { settings, options: { ...options, cookie: { domain: location.hostname } } },
    ...more,
  }
}

/** Tells when the components before it are there: effects run in their order. */
function Last({ told }: { told(): void }) {
  useEffect(told, [told])
  return null
}

async function client(analytics: Analytics) {
  const deadline = performance.now() + 15_000
  while (!analytics.segment?.instance) {
    if (performance.now() > deadline) throw new Error('The client was not loaded')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return analytics.segment.instance
}

offer({
  async 'all cookies'(surroundings) {
    const analytics = new Analytics()
    await analytics.init(config(surroundings, { consent: consent(thirdParty) }))
    const nobody = analytics.user().id()
    await analytics.page('Newsroom', 'Story', { story: 's1' })
    await analytics.identify('ada', { email: 'ada@example.com' })
    await analytics.track(ACTIONS.SEARCH, { query: 'kettle' })
    await analytics.alias('ada-2', 'ada')
    return {
      nobody: nobody ?? null,
      user: analytics.user().id(),
      integrations: (await client(analytics)).integrations,
    }
  },

  /** Events go to Prezly alone. */
  async 'cookies of the site alone'(surroundings) {
    const analytics = new Analytics()
    await analytics.init(config(surroundings, { consent: consent(firstParty) }))
    await analytics.page()
    await analytics.track(ACTIONS.SEARCH, { query: 'kettle' })
    return { integrations: (await client(analytics)).integrations }
  },

  /** What the visitor agrees to on the page is assigned to the client. */
  async 'changed on the page'(surroundings) {
    const analytics = new Analytics()
    await analytics.init(config(surroundings, { consent: consent(thirdParty) }))
    const instance = await client(analytics)
    const choose = async (categories: typeof necessary) => {
      analytics.setConsent(consent(categories))
      await Promise.resolve()
      return instance.integrations
    }
    await analytics.track('Third Party')
    const denied = await choose(necessary)
    await analytics.track('Necessary')
    const granted = await choose(thirdParty)
    await analytics.track('Third Party Again')
    return { denied, granted }
  },

  /** No source of its own: settings are given, which name no destination at all. */
  async 'no write key'(surroundings) {
    const analytics = new Analytics()
    await analytics.init(
      config(surroundings, { consent: consent(thirdParty), segment: { settings: { writeKey: '' } } }),
    )
    await analytics.page('Newsroom')
    await analytics.identify('ada')
    await analytics.track(ACTIONS.COPY_STORY_LINK)
    return { user: analytics.user().id() ?? null }
  },

  async 'a plugin of the site'(surroundings) {
    const analytics = new Analytics()
    const seen: unknown[] = []
    const { settings } = surroundings
    await analytics.init(
      config(
        {
          ...surroundings,
          settings: {
            ...settings,
            plugins: [
              {
                name: 'Site',
                type: 'enrichment',
                version: '1.0.0',
                isLoaded: () => true,
                load: async () => {},
                track(ctx) {
                  seen.push(ctx.event.event)
                  ctx.updateEvent('properties.site', true)
                  return ctx
                },
              },
            ],
          },
        },
        { trackingPolicy: TrackingPolicy.LENIENT },
      ),
    )
    await analytics.track('Enriched')
    return seen
  },

  /** The component tracks clicks on links to other sites, and identifies who came by a campaign. */
  async 'the component'(surroundings) {
    const analytics = new Analytics()
    await analytics.init(config(surroundings, { consent: consent(thirdParty) }))
    await client(analytics)
    const main = document.querySelector('main')
    if (!main) throw new Error('The page has no main part')
    const link = document.createElement('a')
    link.href = 'https://elsewhere.test/kettles'
    link.addEventListener('click', (event) => event.preventDefault())
    document.body.append(link)
    await new Promise<void>((resolve) => {
      createRoot(main).render([
        createElement(Tracking, { analytics, key: 'tracking' }),
        createElement(Last, { told: resolve, key: 'last' }),
      ])
    })
    link.click()
    return null
  },
})
