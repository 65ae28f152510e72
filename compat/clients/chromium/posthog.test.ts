/** `posthog-js` with its `segment` option. */
import { describe } from 'vitest'
import { agree } from '../src/agree'

const shop = ['Cart', 'Order Completed', 'identify', 'After Sign In', 'After Sign Out']

describe('given PostHog beside the client', () => {
  agree('a client that still loads hands over the visitor and every event', {
    page: 'posthog',
    scenario: 'a client that loads',
    sends: shop,
    toVendor: 1,
  })

  agree('a client that is there does so too', {
    page: 'posthog',
    scenario: 'a client that is there',
    sends: shop,
    toVendor: 1,
  })

  agree('a visitor who has signed in is the same for both', {
    page: 'posthog',
    scenario: 'a visitor who has signed in',
    sends: ['identify', 'Settings', 'group', 'Seat Added'],
  })

  agree('what is called while it starts is not lost', {
    page: 'posthog',
    scenario: 'calls while it starts',
    sends: ['Early', 'Late'],
  })
})
