import { afterEach, expect, it, vi } from 'vitest'
import { cookieText, withOneReading, writeCookie } from '../../src/storage/cookie-text'

afterEach(() => {
  vi.restoreAllMocks()
  writeCookie('a=; expires=Thu, 01 Jan 1970 00:00:00 GMT')
})

it('the cookies of one piece of work are read once', () => {
  const read = vi.spyOn(document, 'cookie', 'get')
  withOneReading(() => [cookieText(), withOneReading(cookieText), cookieText()])

  expect(read).toHaveBeenCalledTimes(1)
})

it('what is written meanwhile is seen', () => {
  const seen = withOneReading(() => {
    const before = cookieText()
    writeCookie('a=1')
    return [before, cookieText()]
  })

  expect(seen).toEqual(['', 'a=1'])
})

it('they are read anew by the next, also when that work has thrown', () => {
  expect(() =>
    withOneReading(() => {
      cookieText()
      throw new Error('broken')
    }),
  ).toThrow('broken')
  writeCookie('a=2')

  expect(cookieText()).toBe('a=2')
})
