import { describe, expect, it, vi } from 'vitest'
import type { Authorization } from '../src/http/authorization'
import { lazyAuthorization } from '../src/oauth/lazy-authorization'

function startLazy(failures: number) {
  const inner = {
    header: () => 'Bearer token',
    refused: vi.fn((_status: number, _header: string) => true),
    lastFailure: () => 'why',
    stop: vi.fn(),
  } satisfies Authorization
  const load = vi.fn(async () => {
    if (load.mock.calls.length <= failures) throw new Error('EMFILE')
    return inner
  })
  return { inner, load, authorization: lazyAuthorization(load) }
}

describe('an authorization that is loaded on first use', () => {
  it('is loaded once, however many ask for it', async () => {
    const { load, authorization } = startLazy(0)
    expect(load).not.toHaveBeenCalled()

    expect(await Promise.all([authorization.header(), authorization.header()])).toEqual(
      Array(2).fill('Bearer token'),
    )
    expect(await authorization.header()).toBe('Bearer token')
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('is loaded again when it could not be loaded', async () => {
    const { load, authorization } = startLazy(1)

    await expect(authorization.header()).rejects.toThrow('EMFILE')
    expect(await authorization.header()).toBe('Bearer token')
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('hands everything on once it is there', async () => {
    const { inner, authorization } = startLazy(0)
    expect([authorization.refused(401, 'x'), authorization.lastFailure()]).toEqual([false, undefined])

    await authorization.header()
    authorization.stop()

    expect([authorization.refused(401, 'x'), authorization.lastFailure()]).toEqual([true, 'why'])
    expect(inner.stop).toHaveBeenCalledTimes(1)
  })

  it('is stopped as soon as it is there when that was asked for before', async () => {
    const { inner, authorization } = startLazy(0)
    const header = authorization.header()
    authorization.stop()
    await header

    expect(inner.stop).toHaveBeenCalledTimes(1)
  })
})
