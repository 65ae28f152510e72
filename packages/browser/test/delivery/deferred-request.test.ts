import { settled } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import { createDeferredRequest } from '../../src/delivery/deferred-request'

function start() {
  const requests: { url: string; body: unknown; isWithdrawn: boolean }[] = []
  const request = createDeferredRequest({
    url: 'https://api.example.com/v1/b',
    body: (jsons) => `[${jsons.join()}]`,
    fetchLater(url, { body, signal }) {
      const made = { url, body, isWithdrawn: false }
      signal?.addEventListener('abort', () => {
        made.isWithdrawn = true
      })
      requests.push(made)
    },
  })
  return { request, requests, standing: () => requests.filter(({ isWithdrawn }) => !isWithdrawn) }
}

describe('a deferred request', () => {
  it('holds everything that is on its way, made once for all changes of a turn', async () => {
    const { request, requests } = start()

    request.holds(['1'])
    request.holds(['1', '2'])
    await settled()

    expect(requests).toEqual([{ url: 'https://api.example.com/v1/b', body: '[1,2]', isWithdrawn: false }])
  })

  it('is withdrawn when another takes its place', async () => {
    const { request, standing } = start()
    request.holds(['1'])
    await settled()

    request.holds(['1', '2'])
    await settled()

    expect(standing().map(({ body }) => body)).toEqual(['[1,2]'])
  })

  it('is withdrawn when nothing is on its way any more', async () => {
    const { request, standing } = start()
    request.holds(['1'])
    await settled()

    request.holds([])
    await settled()

    expect(standing()).toEqual([])
  })

  it('is withdrawn at once when it is asked for', async () => {
    const { request, requests, standing } = start()
    request.holds(['1'])
    await settled()
    request.holds(['1', '2'])

    request.withdraw()
    await settled()

    expect(standing()).toEqual([])
    expect(requests).toHaveLength(1)
  })

  it('takes the oldest events that browsers grant room for', async () => {
    const { request, requests } = start()
    const large = JSON.stringify('ü'.repeat(10_000))

    request.holds([large, large, large])
    await settled()

    expect(requests[0]?.body).toBe(`[${large},${large}]`)
  })

  it('is done without where the browser refuses it', async () => {
    const request = createDeferredRequest({
      url: '/',
      body: String,
      fetchLater() {
        throw new DOMException('no quota', 'QuotaExceededError')
      },
    })

    request.holds(['1'])
    await settled()

    expect(() => request.withdraw()).not.toThrow()
  })
})
