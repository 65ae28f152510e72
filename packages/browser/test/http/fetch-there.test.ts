import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchThere } from '../../src/http/fetch-there'
import { freshPage } from '../storage/browser-storage'

afterEach(() => freshPage())

function startFetch(answer: () => Promise<unknown> = async () => 'answer') {
  const asked = vi.fn((..._: unknown[]) => answer())
  vi.stubGlobal('fetch', asked)
  return asked
}

describe('on a page of another host', () => {
  it.each([
    'http://127.0.0.1:4777/v1/t',
    'http://127.8.8.8/v1/t',
    'http://localhost:4777/v1/t',
    'http://shop.localhost/v1/t',
    'http://[::1]:4777/v1/t',
  ])('the browser is told that %s is on the visitor’s own device', async (url) => {
    freshPage('https://shop.test/')
    const asked = startFetch()

    await fetchThere(url, { method: 'POST' })

    expect(asked.mock.calls).toEqual([[url, { method: 'POST', targetAddressSpace: 'loopback' }]])
  })

  it.each([
    'https://localhost.shop.test/',
    'https://127.0.0.1.shop.test/',
    'https://events.test/?at=localhost',
  ])('%s is asked as any other', async (url) => {
    freshPage('https://shop.test/')
    const asked = startFetch()

    await fetchThere(url)

    expect(asked.mock.calls).toEqual([[url]])
  })

  it('an error says what such a request needs', async () => {
    freshPage('https://shop.test/')
    const cause = new TypeError('Failed to fetch')
    startFetch(() => Promise.reject(cause))

    const url = 'http://127.0.0.1:4777/v1/t'
    const message = expect.stringMatching(/127\.0\.0\.1:4777.*Local Network Access/)
    await expect(fetchThere(url)).rejects.toMatchObject({ message, cause })
  })
})

it('on a page of the visitor’s own device nothing is special', async () => {
  freshPage('http://localhost:3000/')
  const asked = startFetch()

  await fetchThere('http://127.0.0.1:4777/v1/t')

  expect(asked.mock.calls).toEqual([['http://127.0.0.1:4777/v1/t']])
})
