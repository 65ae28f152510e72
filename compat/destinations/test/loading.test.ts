/** Calls that are made before destinations are there, and other ways to come by destinations. */
import { expect, it } from 'vitest'
import { lastEvent, shopping } from '../src/calls'
import { remotePlugin, sourceWith } from '../src/destinations'
import { expectSame } from '../src/same'
import { tally } from '../src/tally'

const heap = () => remotePlugin('heap', { settings: { appId: '1' } })
const intercom = () => remotePlugin('intercom', { settings: { appId: 'a' } })
const session = () => remotePlugin('amplitude-plugins', { creationName: 'Actions Amplitude' })

it('events from before the scripts of vendors came are delivered in order when they come', async () => {
  const { vendorCalls } = await expectSame({
    settings: sourceWith([heap(), intercom()]),
    calls: shopping,
    late: ['cdn.heapanalytics.com', 'widget.intercom.io'],
    lastWords: { text: lastEvent, times: 2 },
  })
  expect(tally(vendorCalls)).toMatchObject({ 'heap.track': 12, 'Intercom trackEvent': 8 })
})

it('the names of destinations are hidden in their addresses', async () => {
  const { vendorCalls, destinations } = await expectSame({
    settings: sourceWith([heap(), session()]),
    options: { obfuscate: true },
    calls: [['track', lastEvent]],
  })
  expect(destinations.join()).not.toContain('amplitude')
  expect(tally(vendorCalls)).toMatchObject({ 'heap.track': 1 })
})

it('a destination that the application brings takes the place of the script', async () => {
  const { vendorCalls, destinations } = await expectSame({
    settings: sourceWith([heap(), session()]),
    fromNPM: [heap()],
    calls: [['track', lastEvent]],
  })
  expect(destinations.filter((path) => path.startsWith('actions/heap/'))).toHaveLength(1)
  expect(tally(vendorCalls)).toMatchObject({ 'heap.track': 1 })
})

it('a destination whose vendor cannot be reached harms no other', async () => {
  const { vendorCalls, events } = await expectSame({
    settings: sourceWith([heap(), intercom()]),
    calls: [
      ['track', 'One'],
      ['track', lastEvent],
    ],
    pace: 'at once',
    blockedHosts: ['cdn.heapanalytics.com'],
    lastWords: { text: lastEvent, times: 1 },
  })
  expect(tally(vendorCalls)).toMatchObject({ 'Intercom trackEvent': 2 })
  expect(events).toHaveLength(2)
})
