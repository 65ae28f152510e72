import { beforeEach, expect, it, vi } from 'vitest'
import { createNetwork } from '../../src/adapters/network'

let page: EventTarget & { navigator: Navigator }
let onLine = false

beforeEach(() => {
  onLine = false
  const navigator = {
    get onLine() {
      return onLine
    },
  }
  page = Object.assign(new EventTarget(), { navigator: navigator as Navigator })
})

it('what the browser says counts while nothing speaks against it', () => {
  const network = createNetwork(page)
  expect(network.isOnline()).toBe(false)
  onLine = true

  expect(network.isOnline()).toBe(true)
})

it('an answer outweighs it, and whoever waits for the network goes on, once', () => {
  const network = createNetwork(page)
  const back = vi.fn()
  const others = vi.fn()
  network.onOnline(() => back())
  network.onOnline(() => others())()
  network.answered(true)
  network.answered(true)

  expect(network.isOnline()).toBe(true)
  expect([back.mock.calls.length, others.mock.calls.length]).toEqual([1, 0])
})

it('an answer that came while the browser was online says nothing about later', () => {
  onLine = true
  const network = createNetwork(page)
  network.answered(true)
  onLine = false

  expect(network.isOnline()).toBe(false)
})

it('an answer that a cache may have given is outweighed by a request that fails', () => {
  const network = createNetwork(page)
  network.answered(false)
  expect(network.isOnline()).toBe(true)
  network.failed()

  expect(network.isOnline()).toBe(false)
})

it('one that a server must have given is not: networks fail in passing', () => {
  const network = createNetwork(page)
  network.answered(false)
  network.answered(true)
  network.failed()

  expect(network.isOnline()).toBe(true)
})

it('when the browser changes its mind, it is believed again', () => {
  const network = createNetwork(page)
  network.answered(true)
  page.dispatchEvent(new Event('offline'))

  expect(network.isOnline()).toBe(false)
})
