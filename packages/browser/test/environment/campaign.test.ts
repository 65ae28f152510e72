import { describe, expect, it } from 'vitest'
import { adReferrerOf } from '../../src/environment/ad-referrer'
import { campaignOf } from '../../src/environment/campaign'
import { parseQuery } from '../../src/environment/query'

describe('the campaign of a link', () => {
  it.each<[string, Record<string, string>]>([
    ['?utm_source=mail&utm_medium=text', { source: 'mail', medium: 'text' }],
    ['?utm_campaign=spring+sale', { name: 'spring sale' }],
    ['?utm_content=a=b==', { content: 'a=b==' }],
    ['?utm_term', { term: '' }],
    ['?utm_source=1&utm_source=2', { source: '2' }],
    ['?utm_=1', {}],
    ['?xutm_source=1', { _source: '1' }],
    ['?utm%5Fsource=1', {}],
    ['?q=1', {}],
    ['', {}],
  ])('with "%s" is %o', (query, expected) => {
    expect(campaignOf(parseQuery(query))).toEqual(expected)
  })

  it('changes no prototype, whatever the link says', () => {
    const campaign = campaignOf(parseQuery('?utm___proto__=x&utm_constructor=y'))

    expect(Object.getPrototypeOf(campaign)).toBe(Object.prototype)
    expect(Object.keys(campaign)).toEqual(['__proto__', 'constructor'])
  })
})

describe('the ad that a link names', () => {
  it.each([
    ['?btid=7', { id: '7', type: 'dataxu' }],
    ['?urid=8', { id: '8', type: 'millennial-media' }],
    ['?urid=8&btid=7', { id: '8', type: 'millennial-media' }],
    ['?btid=7&urid=8', { id: '7', type: 'dataxu' }],
    ['?btid=', { id: '', type: 'dataxu' }],
    ['?x_btid=7', undefined],
    ['?__proto__=7&toString=8', undefined],
    ['', undefined],
  ])('with "%s" is %o', (query, expected) => {
    expect(adReferrerOf(parseQuery(query))).toEqual(expected)
  })
})
