import { assert, property, string } from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { decodeCookie, encodeCookieName, encodeCookieValue } from '../../src/storage/cookie-codec'

describe('names and values of cookies', () => {
  it.each([
    ['ajs_user_id', 'ajs_user_id'],
    ['s:context.referrer', 's%3Acontext.referrer'],
    ['a(b)', 'a%28b%29'],
    ['a=b; c,d"\\/', 'a%3Db%3B%20c%2Cd%22%5C%2F'],
    ["!#$&'*+.^`|~-_", "!#$&'*+.^`|~-_"],
    ['é😀', '%C3%A9%F0%9F%98%80'],
  ])('writes the name %s as %s', (name, written) => {
    expect(encodeCookieName(name)).toBe(written)
    expect(decodeCookie(written)).toBe(name)
  })

  it('are the same on hosts without TextEncoder, and for halves of characters', () => {
    vi.stubGlobal('TextEncoder', undefined)
    const written = ['josé', 'a\ud800b'].map(encodeCookieValue)
    vi.unstubAllGlobals()

    expect(written).toEqual(['jos%C3%A9', 'a%EF%BF%BDb'])
  })

  it.each([
    ['user@example.com', 'user@example.com'],
    ['{"url":"https://a.b/?c=d"}', '{%22url%22:%22https://a.b/?c=d%22}'],
    ['a b;c,d\\e', 'a%20b%3Bc%2Cd%5Ce'],
    ['100%', '100%25'],
    ["!#$&'()*+./:<=>?@[]^_`{|}~-", "!#$&'()*+./:<=>?@[]^_`{|}~-"],
    ['"u1"', '%22u1%22'],
    ['é😀\n', '%C3%A9%F0%9F%98%80%0A'],
  ])('writes the value %s as %s', (value, written) => {
    expect(encodeCookieValue(value)).toBe(written)
    expect(decodeCookie(written)).toBe(value)
  })

  it.each([
    ['what nobody could have encoded', '%E9 100% %zz', '%E9 100% %zz'],
    ['small hex digits', '%c3%a9', 'é'],
    ['a lone quote', '"', '"'],
  ])('reads %s', (_, written, value) => {
    expect(decodeCookie(written)).toBe(value)
  })

  it('reads back whatever it wrote', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        expect(decodeCookie(encodeCookieName(text))).toBe(text)
        expect(decodeCookie(encodeCookieValue(text))).toBe(text)
      }),
    )
  })

  it('does not throw at half a surrogate pair', () => {
    expect(encodeCookieValue('a\ud83d')).toBe('a%EF%BF%BD')
  })
})
