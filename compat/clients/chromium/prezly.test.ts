/** `@prezly/analytics-nextjs`: the client of newsrooms. */
import { describe } from 'vitest'
import { agree } from '../src/agree'

describe('given a newsroom', () => {
  agree('its events go to the source and to Prezly when the visitor agrees to all cookies', {
    page: 'prezly',
    scenario: 'all cookies',
    sends: ['Story', 'identify', 'Search', 'alias'],
    toVendor: 3,
  })

  agree('its events go to Prezly alone when the visitor agrees to cookies of the site', {
    page: 'prezly',
    scenario: 'cookies of the site alone',
    sends: [],
    toVendor: 2,
  })

  agree('what is agreed to on the page decides from then on', {
    page: 'prezly',
    scenario: 'changed on the page',
    sends: ['Third Party', 'Third Party Again'],
    toVendor: 3,
  })

  agree('it needs no source', { page: 'prezly', scenario: 'no write key', sends: [], toVendor: 3 })

  agree('plugins of the site add to its events', {
    page: 'prezly',
    scenario: 'a plugin of the site',
    sends: ['Enriched'],
    toVendor: 1,
  })

  agree('its component tracks clicks on links to other sites', {
    page: 'prezly',
    scenario: 'the component',
    sends: ['Outbound link click'],
    toVendor: 1,
  })
})
