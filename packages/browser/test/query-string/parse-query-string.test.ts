import { describe, expect, it } from 'vitest'
import type { LinkCall } from '../../src/query-string/parse-query-string'
import { parseQueryString } from '../../src/query-string/parse-query-string'

const setAnonymousId = (id: string): LinkCall => ({ method: 'setAnonymousId', id })
const identify = (id: string, traits = {}): LinkCall => ({ method: 'identify', id, traits })
const track = (event: string, properties = {}): LinkCall => ({ method: 'track', event, properties })

describe('a link', () => {
  it.each<[string, LinkCall[]]>([
    ['?ajs_aid=a1', [setAnonymousId('a1')]],
    ['?ajs_uid=u1', [identify('u1')]],
    ['?ajs_event=Opened', [track('Opened')]],
    ['?ajs_event=Opened&ajs_uid=u1&ajs_aid=a1', [setAnonymousId('a1'), identify('u1'), track('Opened')]],
    ['?ajs_uid=u1&ajs_trait_plan=pro&ajs_trait_name=A+B', [identify('u1', { plan: 'pro', name: 'A B' })]],
    ['?ajs_event=Opened&ajs_prop_in=mail&ajs_trait_x=1', [track('Opened', { in: 'mail' })]],
    ['?ajs_event=Opened%20it%21', [track('Opened it!')]],
    ['?ajs_uid=u1&ajs_uid=u2', [identify('u2')]],
    ['?ajs_uid=YWJj==', [identify('YWJj==')]],
    ['?ajs_uid=u1?x=y', [identify('u1?x=y')]],
    ['?ajs_uid=%E4', [identify('%E4')]],
    ['?ajs_uid=7&ajs_trait_age=8', [identify('7', { age: '8' })]],
    ['?ajs_uid=u1&ajs_trait_a.b=1&ajs_trait_c', [identify('u1', { 'a.b': '1', c: '' })]],
    ['https://shop.test/a?ajs_uid=u1#part', [identify('u1')]],
    ['?ajs_uid=u1#?ajs_uid=u2', [identify('u1')]],
  ])('with "%s" asks for %o', (url, calls) => {
    expect(parseQueryString(url)).toEqual(calls)
  })

  it.each([
    '',
    '?',
    '?q=1',
    'ajs_uid=u1',
    '#/a?ajs_uid=u1',
    '?ajs_uid',
    '?ajs_uid=&ajs_aid=&ajs_event=',
    '?ajs_trait_plan=pro',
    '?ajs_prop_in=mail',
    '?ajs%5Fuid=u1',
  ])('with "%s" asks for nothing', (url) => {
    expect(parseQueryString(url)).toEqual([])
  })

  it('changes no prototype, whatever it says', () => {
    const [call] = parseQueryString('?ajs_uid=u1&ajs_trait___proto__=x')

    expect(call?.method === 'identify' && Object.getPrototypeOf(call.traits)).toBe(Object.prototype)
  })
})

describe('a pattern of ids', () => {
  const link = '?ajs_aid=a-1&ajs_uid=u-1&ajs_event=Opened'

  it.each<[object, LinkCall[]]>([
    [{ aid: /^a-/ }, [setAnonymousId('a-1'), identify('u-1'), track('Opened')]],
    [{ aid: /^x/ }, [identify('u-1'), track('Opened')]],
    [{ uid: /^x/ }, [setAnonymousId('a-1'), track('Opened')]],
    [{ aid: /^x/, uid: /^x/ }, [track('Opened')]],
    [{ uid: undefined }, [setAnonymousId('a-1'), identify('u-1'), track('Opened')]],
  ])('%o lets through %o', (patterns, calls) => {
    expect(parseQueryString(link, patterns)).toEqual(calls)
  })

  it.each([[/u/g], [/u/y]])('%o answers the same every time, and remains as it was', (uid) => {
    for (const lastIndex of [0, 1, 0, 1]) {
      uid.lastIndex = lastIndex

      expect(parseQueryString('?ajs_uid=u1', { uid })).toEqual([identify('u1')])
      expect(uid.lastIndex).toBe(lastIndex)
    }
  })
})
