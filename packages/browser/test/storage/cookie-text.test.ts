import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { freshPage, setCookie, watchStorage } from './browser-storage'

// Whether the browser tells of changes is found out once for a page.
const onPage = () => import('../../src/storage/cookie-text')

beforeEach(() => {
  vi.resetModules()
  freshPage()
  vi.stubGlobal('cookieStore', undefined)
})
afterEach(() => vi.restoreAllMocks())

it('the cookies of one piece of work are read once', async () => {
  const { cookieText, withOneReading } = await onPage()
  const storage = watchStorage()
  withOneReading(() => [cookieText(), withOneReading(cookieText), cookieText()])

  expect(storage.reads).toBe(1)
})

it('what is written meanwhile is seen', async () => {
  const { cookieText, withOneReading, writeCookie } = await onPage()
  const seen = withOneReading(() => {
    const before = cookieText()
    writeCookie('a=1')
    return [before, cookieText()]
  })

  expect(seen).toEqual(['', 'a=1'])
})

it('they are read anew by the next, also when that work has thrown', async () => {
  const { cookieText, withOneReading } = await onPage()
  expect(() =>
    withOneReading(() => {
      cookieText()
      throw new Error('broken')
    }),
  ).toThrow('broken')
  setCookie('a=2')

  expect([cookieText(), withOneReading(cookieText)]).toEqual(['a=2', 'a=2'])
})

describe('where the browser tells of changes', () => {
  const cookieStore = new EventTarget()
  beforeEach(() => void vi.stubGlobal('cookieStore', cookieStore))

  it('cookies that stay the same are read once for many pieces of work', async () => {
    const { cookieText, withOneReading } = await onPage()
    const storage = watchStorage()
    for (let work = 0; work < 3; work++) withOneReading(cookieText, 'id')

    expect(storage.reads).toBe(1)
  })

  it('a change that was told is seen', async () => {
    const { cookieText, withOneReading } = await onPage()
    withOneReading(cookieText)
    setCookie('a=1')
    cookieStore.dispatchEvent(new Event('change'))

    expect(withOneReading(cookieText)).toBe('a=1')
  })

  it('what this page wrote itself is seen at once', async () => {
    const { cookieText, withOneReading, writeCookie } = await onPage()
    withOneReading(cookieText)
    writeCookie('a=1')

    expect(withOneReading(cookieText)).toBe('a=1')
  })

  it('a change that was not told yet is seen when the witness has changed with it', async () => {
    const { cookieText, withOneReading } = await onPage()
    withOneReading(cookieText, 'id')
    setCookie('a=1')

    expect(withOneReading(cookieText, undefined)).toBe('a=1')
  })

  it('a change of which a sleeping page was not told is seen a second later', async () => {
    const { cookieText, withOneReading } = await onPage()
    const elapsed = vi.spyOn(performance, 'now').mockReturnValue(1e9)
    withOneReading(cookieText)
    setCookie('a=1')
    elapsed.mockReturnValue(1e9 + 1_000)

    expect(withOneReading(cookieText)).toBe('a=1')
  })

  it('whoever reads outside of such work sees them as they are', async () => {
    const { cookieText, withOneReading } = await onPage()
    withOneReading(cookieText)
    setCookie('a=1')

    expect(cookieText()).toBe('a=1')
  })
})
