import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  createBufferedPageContext,
  getDefaultBufferedPageContext,
} from '../../src/page/buffered-page-context'
import { createPageContext, getDefaultPageContext } from '../../src/page/page-context'

const onPage = (canonical?: string, search = '?q=1') =>
  createPageContext(
    createBufferedPageContext(
      `https://shop.test/a${search}#top`,
      canonical,
      search,
      '/a',
      'Title',
      'https://from.test/',
    ),
  )

function showPage(head: string) {
  document.head.innerHTML = head
}

afterEach(() => {
  vi.unstubAllGlobals()
  showPage('')
})

describe('the page of an event', () => {
  it('is the address shown, without its fragment', () => {
    expect(onPage()).toEqual({
      path: '/a',
      referrer: 'https://from.test/',
      search: '?q=1',
      title: 'Title',
      url: 'https://shop.test/a?q=1',
    })
  })

  it.each([
    ['https://canon.test/p', '/p', 'https://canon.test/p?q=1'],
    ['https://canon.test', '/', 'https://canon.test?q=1'],
    ['https://canon.test/p?own=1', '/p', 'https://canon.test/p?own=1'],
    ['https://canon.test/p#part', '/p', 'https://canon.test/p#part?q=1'],
    ['/relative', '/relative', '/relative?q=1'],
    ['relative', '/relative', 'relative?q=1'],
    ['//canon.test/p', '//canon.test/p', '//canon.test/p?q=1'],
    ['', '/a', 'https://shop.test/a?q=1'],
  ])('whose canonical address is "%s" has the path %s and the address %s', (canonical, path, url) => {
    expect(onPage(canonical)).toMatchObject({ path, url, search: '?q=1' })
  })

  it('adds no query where there is none', () => {
    expect(onPage('https://canon.test/p', '').url).toBe('https://canon.test/p')
  })

  it('is told as far as it is known when a snippet left keys out', () => {
    expect(createPageContext({ __t: 'bpc' } as ReturnType<typeof createBufferedPageContext>).url).toBe('')
  })
})

describe('the page as it is now', () => {
  it('is read when asked for', () => {
    vi.stubGlobal('location', new URL('https://shop.test/b?q=2#x'))
    showPage('<title>Basket</title><link rel="canonical" href="/basket">')

    expect(getDefaultPageContext()).toEqual({
      path: '/basket',
      referrer: '',
      search: '?q=2',
      title: 'Basket',
      url: '/basket?q=2',
    })
  })

  it.each(['', '<link rel="canonical">', '<link rel="canonical" href="">', '<link rel="icon" href="/i">'])(
    'has no canonical address with the head "%s"',
    (head) => {
      showPage(head)

      expect(getDefaultBufferedPageContext().c).toBeUndefined()
    },
  )

  it('is empty where there is no page', () => {
    vi.stubGlobal('location', undefined)
    vi.stubGlobal('document', undefined)

    expect(getDefaultPageContext()).toEqual({ path: '', referrer: '', search: '', title: '', url: '' })
  })

  it('has an address but no title in a worker', () => {
    vi.stubGlobal('location', new URL('https://shop.test/worker.js'))
    vi.stubGlobal('document', undefined)

    expect(getDefaultPageContext()).toMatchObject({ url: 'https://shop.test/worker.js', title: '' })
  })
})
