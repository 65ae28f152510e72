import { afterEach, describe, expect, it, vi } from 'vitest'
import { globalNamed, isPage, memberOf, ofPage, textOfPage } from '../src/past-markup'

/** As browsers do with an element of that name: it stands before what the document has. */
function clobber(name: string, by: unknown = new Image()): void {
  Object.defineProperty(document, name, { configurable: true, value: by })
}

const names = ['title', 'referrer', 'cookie', 'head', 'nodeType', 'querySelector', 'createElement'] as const

afterEach(() => {
  for (const name of names) Reflect.deleteProperty(document, name)
  vi.unstubAllGlobals()
})

describe('a member of the document', () => {
  it.each([
    ['an element', new Image()],
    ['a list of elements', document.getElementsByTagName('img')],
    // It answers nothing to anybody of another origin, not even what it descends from.
    ['a frame', Object.create(null)],
    ['an element that calls itself a function', Object.setPrototypeOf(() => {}, HTMLElement.prototype)],
  ])('is not %s of that name', (_, by) => {
    const own = names.map((name) => document[name])
    for (const name of names) clobber(name, by)

    const found = names.map((name) => ofPage(name))

    expect(found.map((one) => typeof one)).toEqual(own.map((one) => typeof one))
    expect(ofPage('head')).toBe(own[3])
    expect(ofPage('createElement')?.('p')).toBeInstanceOf(HTMLParagraphElement)
  })

  it('is what a script has put in its place, as consent tools do', () => {
    const kept = document.createElement('b')
    clobber('cookie', 'allowed=1')
    clobber('createElement', () => kept)

    expect(ofPage('cookie')).toBe('allowed=1')
    expect(ofPage('createElement')?.('script')).toBe(kept)
  })

  it('that should be a text and is none counts as empty', () => {
    clobber('cookie', undefined)

    expect(textOfPage('cookie')).toBe('')
  })

  it.each([undefined, null, {}, Object.create(null)])('is nothing where the document is %j', (by) => {
    vi.stubGlobal('document', by)

    const found = [isPage(), textOfPage('title'), ofPage('querySelector')]
    vi.unstubAllGlobals()

    expect(found).toEqual([false, '', undefined])
  })
})

it('a member of a form is not one of its fields', () => {
  const form = document.createElement('form')
  Object.defineProperty(form, 'hasAttribute', { value: document.createElement('input') })

  expect(memberOf(form, 'hasAttribute')('action')).toBe(false)
})

describe('a global', () => {
  it('is what the host or a script has defined', () => {
    vi.stubGlobal('shop', 1)

    expect([globalNamed('shop'), globalNamed('fetch')]).toEqual([1, fetch])
  })

  it('is no element or frame of that name, which stand below', () => {
    const above: object = Object.getPrototypeOf(globalThis)
    Reflect.set(above, 'shop', new Image())

    expect(globalNamed('shop')).toBeUndefined()

    Reflect.deleteProperty(above, 'shop')
  })
})
