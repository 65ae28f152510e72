import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AdReferrer } from '../../src/environment/ad-referrer'
import type { HostEnvironmentSettings } from '../../src/environment/host-environment'
import { createHostEnvironment } from '../../src/environment/host-environment'

function startEnvironment(settings: Partial<HostEnvironmentSettings> = {}) {
  const kept: AdReferrer[] = []
  const environment = createHostEnvironment({
    version: '1.2.3',
    readCookie: () => undefined,
    readAdReferrer: () => undefined,
    keepAdReferrer: (ad) => kept.push(ad),
    ...settings,
  })
  return { environment, kept }
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('the browser', () => {
  it('tells its name, language and time zone', () => {
    vi.stubGlobal('navigator', { userAgent: 'Browser/1', language: 'de-AT' })
    const { environment } = startEnvironment()

    expect(environment.describe()).toEqual({
      userAgent: 'Browser/1',
      userAgentData: undefined,
      locale: 'de-AT',
      library: { name: '@sluice/browser', version: '1.2.3' },
      timezone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    })
  })

  it('prefers the language of the user to that of the system', () => {
    vi.stubGlobal('navigator', { userLanguage: 'fr', language: 'de-AT' })

    expect(startEnvironment().environment.describe().locale).toBe('fr')
  })

  it('tells no time zone when it cannot find it out', () => {
    vi.spyOn(Intl, 'DateTimeFormat').mockImplementation(() => {
      throw new RangeError('no zone')
    })

    expect(startEnvironment().environment.describe().timezone).toBeUndefined()
  })

  it('gives its client hints when loaded', async () => {
    const getHighEntropyValues = vi.fn(async () => ({ model: 'X' }))
    vi.stubGlobal('navigator', { userAgentData: { toJSON: () => ({}), getHighEntropyValues } })
    const { environment } = startEnvironment({ hints: ['model'] })

    expect(environment.describe().userAgentData).toBeUndefined()
    await environment.load()

    expect(environment.describe().userAgentData).toEqual({ model: 'X' })
    expect(startEnvironment().environment.describe().userAgentData).toBeUndefined()
  })

  it.each([
    ['amp-123', 'amp-123'],
    ['GA1.2.3', undefined],
    [null, undefined],
  ])('with the cookie _ga = %s gives the AMP id %s', (cookie, id) => {
    const readCookie = (name: string) => (name === '_ga' ? cookie : 'other')

    expect(startEnvironment({ readCookie }).environment.describe().amp).toEqual(id && { id })
  })

  it('keeps an ad once and the next one again', () => {
    const { environment, kept } = startEnvironment()
    for (const id of ['7', '7', '8']) environment.keepAdReferrer({ id, type: 'dataxu' })

    expect(kept.map((ad) => ad.id)).toEqual(['7', '8'])
  })

  it('may be missing, as on a server', async () => {
    vi.stubGlobal('navigator', undefined)
    const { environment } = startEnvironment()
    await environment.load()

    expect(environment.describe()).toMatchObject({
      userAgent: undefined,
      locale: undefined,
      userAgentData: undefined,
    })
  })
})
