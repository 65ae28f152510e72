import { expect, it, vi } from 'vitest'
import { startServer } from './support/fake-server'
import { advance, load, outbox, plugin, stateOf, useFreshPages } from './support/start-page'

const network = vi.hoisted(() => ({ failures: 0 }))

vi.mock('../../src/complete', async (original) => {
  if (network.failures-- > 0) throw new Error('Failed to fetch dynamically imported module')
  return original()
})

useFreshPages()

it('leaves the events for the next page, and tells everybody who waits, when it cannot be loaded at all', async () => {
  network.failures = 3
  const server = startServer()
  const analytics = load()
  const calls = [analytics.track('A'), analytics.register(plugin()), analytics.ready(), analytics.flush()]
  const results = Promise.allSettled([...calls, analytics])
  await advance(5_999)
  expect(await stateOf(results)).toBe('pending')
  await advance(1)

  expect(await results).toEqual(
    Array.from({ length: 5 }, () => ({ status: 'rejected', reason: expect.any(Error) })),
  )
  expect(server.requests).toEqual([])
  expect(outbox()).toMatchObject([{ event: 'A' }])
  await expect(analytics.track('B')).rejects.toBeInstanceOf(Error)
})

it('is asked for again, and everything goes on', async () => {
  network.failures = 2
  const server = startServer()
  const analytics = load()
  const tracked = analytics.track('A')
  const registered = analytics.register(plugin())
  await advance(1_000)
  expect(await stateOf(tracked)).toBe('pending')
  await advance(5_000)
  await Promise.all([tracked, registered])

  expect(server.names).toEqual(['A'])
})
