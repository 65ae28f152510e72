import { beforeEach, expect, it } from 'vitest'
import { cookieText, withOneReading, writeCookie } from '../../src/storage/cookie-text'
import { freshPage, setCookie, watchStorage } from './browser-storage'

beforeEach(() => freshPage())

const inNewCall = <T>(run: () => T) => withOneReading(run, true)

it('the cookies of one call are read once', () => {
  const storage = watchStorage()
  inNewCall(() => [cookieText(), withOneReading(cookieText), cookieText()])
  withOneReading(cookieText)

  expect(storage.reads).toBe(1)
})

it('what is written meanwhile is seen', () => {
  const seen = inNewCall(() => {
    const before = cookieText()
    writeCookie('a=1')
    return [before, cookieText()]
  })

  expect(seen).toEqual(['', 'a=1'])
})

it('each call sees what others have written since the one before, in the same task too', () => {
  inNewCall(cookieText)
  setCookie('a=1')

  expect(inNewCall(cookieText)).toBe('a=1')
})

it('so does work that begins when the call is over', async () => {
  inNewCall(cookieText)
  await Promise.resolve()
  setCookie('a=1')

  expect(withOneReading(cookieText)).toBe('a=1')
})

it('whoever reads outside of such work sees them as they are, also when it has thrown', () => {
  expect(() =>
    inNewCall(() => {
      cookieText()
      throw new Error('broken')
    }),
  ).toThrow('broken')
  setCookie('a=2')

  expect(cookieText()).toBe('a=2')
})
