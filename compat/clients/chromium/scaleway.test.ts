/** `@scaleway/use-segment`: a provider and a hook for React. */
import { describe } from 'vitest'
import { agree } from '../src/agree'

const shop = ['Shop', 'identify', 'Order Completed']

describe('given a shop built with React', () => {
  agree('its components get the client and track', {
    page: 'scaleway',
    scenario: 'options that are there',
    sends: shop,
  })

  agree('its components may wait for the client', {
    page: 'scaleway',
    scenario: 'children that wait',
    sends: shop,
  })

  agree('its choice of destinations is stamped on every event', {
    page: 'scaleway',
    scenario: 'all but one destination',
    sends: shop,
  })

  agree('it loads nothing without a destination', {
    page: 'scaleway',
    scenario: 'no destination',
    sends: [],
  })
})
