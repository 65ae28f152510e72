import type { CoreExtraContext } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import type { AdReferrer } from '../../src/environment/ad-referrer'
import type { Environment } from '../../src/environment/enrich-environment'
import { enrichEnvironment } from '../../src/environment/enrich-environment'

const always = {
  userAgent: 'Browser/1',
  userAgentData: undefined,
  locale: 'de-AT',
  library: { name: '@sluice/browser', version: '1.2.3' },
  timezone: 'Europe/Vienna',
}

function environmentWith({ adReferrer = () => undefined, ...described }: Parts = {}) {
  const kept: AdReferrer[] = []
  const environment: Environment = {
    describe: () => ({ ...always, ...described }),
    adReferrer,
    keepAdReferrer: (ad) => kept.push(ad),
  }
  return { environment, kept }
}

type Parts = Partial<ReturnType<Environment['describe']> & Pick<Environment, 'adReferrer'>>

/** What becomes of a context. It is frozen, so that writing to it throws. */
const enrich = (context?: object, parts?: Parts) =>
  enrichEnvironment(Object.freeze(context), environmentWith(parts).environment)

const onPage = (search: unknown) => ({ page: { search } })

describe('the context of an event', () => {
  it('tells browser, language, library and time zone', () => {
    expect(enrich()).toEqual(always)
  })

  it('keeps what it held', () => {
    expect(enrich({ ip: '::1', page: { url: 'U' } })).toEqual({ ...always, ip: '::1', page: { url: 'U' } })
  })

  it.each<[string, CoreExtraContext]>([
    ['locale', { locale: 'fr' }],
    ['an empty locale', { locale: '' }],
    ['library', { library: { name: 'mine', version: '0' } }],
    ['campaign', { campaign: { name: 'mine', source: '', medium: '' } }],
    ['amp', { amp: { id: 'mine' } }],
    ['referrer', { referrer: { url: 'mine' } }],
  ])("keeps the caller's own %s", (_, own) => {
    expect(enrich({ ...own, ...onPage('?utm_source=x') })).toMatchObject(own)
  })

  it.each([
    ['userAgent', 'Browser/1'],
    ['userAgentData', undefined],
    ['timezone', 'Europe/Vienna'],
  ])('tells the %s of the browser though the caller gave another', (key, value) => {
    expect(enrich({ [key]: 'mine' })[key]).toEqual(value)
  })

  it('tells client hints where the browser gives them', () => {
    expect(enrich({}, { userAgentData: { mobile: true } }).userAgentData).toEqual({ mobile: true })
  })

  it('tells the AMP id that the visitor came with', () => {
    expect(enrich({ amp: { id: 'old' } }, { amp: { id: 'amp-1' } }).amp).toEqual({ id: 'amp-1' })
  })
})

describe('the campaign in the context', () => {
  it.each<[unknown, object | undefined]>([
    ['?utm_source=x&utm_content=a==', { source: 'x', content: 'a==' }],
    ['utm_source=x', { source: 'x' }],
    ['?q=1?utm_source=x', { source: 'x' }],
    ['?q=1', {}],
    [
      { utm_source: 'x', utm_medium: ['y', 'z'] },
      { source: 'x', medium: 'z' },
    ],
    ['', undefined],
    [undefined, undefined],
  ])('of a page with the query %o is %o', (search, campaign) => {
    const context = enrich(onPage(search))

    expect(context.campaign).toEqual(campaign)
    expect(context.page).toEqual({ search })
  })
})

describe('the ad that brought the visitor', () => {
  it('is told and kept', () => {
    const { environment, kept } = environmentWith()
    const context: CoreExtraContext = { ...onPage('?btid=7'), referrer: { url: 'mine' } } as CoreExtraContext

    expect(enrichEnvironment(context, environment).referrer).toEqual({ url: 'mine', id: '7', type: 'dataxu' })
    expect(kept).toEqual([{ id: '7', type: 'dataxu' }])
    expect(context.referrer).toEqual({ url: 'mine' })
  })

  it('is told on later pages, and not written again', () => {
    const { environment, kept } = environmentWith({ adReferrer: () => ({ id: '7', type: 'dataxu' }) })

    expect(enrichEnvironment({}, environment).referrer).toEqual({ id: '7', type: 'dataxu' })
    expect(kept).toEqual([])
  })

  it('is the latest one', () => {
    const adReferrer = () => ({ id: '7', type: 'dataxu' })

    expect(enrich(onPage('?urid=8'), { adReferrer }).referrer).toEqual({ id: '8', type: 'millennial-media' })
  })

  it.each([[null], ['text'], [7], [['x']]])('is nobody when %o was kept', (value) => {
    expect(enrich({}, { adReferrer: () => value })).toEqual(always)
  })
})
