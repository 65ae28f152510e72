import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cdnBase, cdnOfScript } from '../../src/settings/cdn-base'
import { freshPage } from '../storage/browser-storage'

beforeEach(() => freshPage('https://shop.test/deep/page'))
afterEach(() => {
  document.head.innerHTML = ''
  freshPage()
})

describe('the base of the CDN', () => {
  it.each([
    ['Segment’s, if none is given', undefined, 'https://cdn.segment.com'],
    ['Segment’s, if what is given is no text', document.createElement('a'), 'https://cdn.segment.com'],
    ['the one that is given', 'https://cdn.example/', 'https://cdn.example'],
    ['the one that is given, with its path', 'https://cdn.example/a//', 'https://cdn.example/a'],
    ['below the page’s own host, if it is given without one', '/proxy', 'https://shop.test/proxy'],
  ])('is %s', (_, given, base) => {
    expect(cdnBase(given)).toBe(base)
  })

  it('is where the page is, wherever markup says that addresses begin', () => {
    document.head.innerHTML = '<base href="https://evil.test/">'

    expect(cdnBase('/proxy')).toBe('https://shop.test/proxy')
  })

  it('is no script’s that is on the page', () => {
    document.head.innerHTML =
      '<script type="x" src="https://evil.test/analytics.js/v1/key/analytics.min.js"></script>'

    expect(cdnBase(undefined)).toBe('https://cdn.segment.com')
  })
})

describe('the CDN of a script', () => {
  it.each([
    ['https://cdn.example/a/analytics.js/v1/key/analytics.min.js', 'https://cdn.example/a'],
    ['https://cdn.example/analytics.js/v1/key/platform/analytics.min.js', 'https://cdn.example'],
    ['http://cdn.example/analytics.js/v1/key/analytics.min.js', undefined],
    ['https://cdn.example/analytics.js/v1/', undefined],
    ['https://cdn.example/app.js', undefined],
  ])('that came from %s is %s', (address, base) => {
    expect(cdnOfScript(address)).toBe(base)
  })
})
