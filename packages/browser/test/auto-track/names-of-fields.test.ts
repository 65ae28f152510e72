/** Fields may have the names of what forms have, and hide it. */
import { expect, it, vi } from 'vitest'
import { trackForms } from '../../src/auto-track/track-forms'
import { trackLinks } from '../../src/auto-track/track-links'
import { keepsNothing, show, startPage, useFakePages } from './support/start-page'

useFakePages()

// The others are what the page of these tests needs itself.
const names = [
  'addEventListener',
  'removeEventListener',
  'toggleAttribute',
  'matches',
  'submit',
  'target',
  'method',
  'ownerDocument',
]

it('a form whose fields are named like all that forms have is tracked, and submitted once', async () => {
  const { analytics, tracked, errors, answer } = await startPage(keepsNothing)
  show('<form action="/search" method="post"><input name="q" value="shoes"><button>Search</button></form>')
  const form = document.querySelector('form') ?? expect.fail()
  for (const name of names) {
    Object.defineProperty(form, name, { configurable: true, value: document.createElement('input') })
  }

  const native = vi.spyOn(HTMLFormElement.prototype, 'submit').mockImplementation(() => {})
  trackForms(analytics, form, 'Searched')
  form.querySelector('button')?.click()
  answer()
  await vi.advanceTimersByTimeAsync(1_000)
  for (const name of names) Reflect.deleteProperty(form, name)

  expect(tracked.map(([event]) => event)).toEqual(['Searched'])
  expect(native.mock.contexts).toEqual([form])
  expect(errors).toEqual([])
})

it('a form whose fields are named like all that is read of links is followed as a link', async () => {
  const { analytics, tracked, errors, answer } = await startPage(keepsNothing)
  show('<form href="/sale"><span>Sale</span></form>')
  const form = document.querySelector('form') ?? expect.fail()
  for (const name of ['getAttributeNS', 'querySelector', 'matches', 'ownerDocument']) {
    Object.defineProperty(form, name, { configurable: true, value: document.createElement('input') })
  }
  const followed: string[] = []
  vi.spyOn(HTMLElement.prototype, 'click').mockImplementation(function (this: HTMLElement) {
    followed.push(String(Reflect.get(this, 'href')))
  })
  trackLinks(analytics, form, 'Clicked')

  document.querySelector('span')?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))
  answer()
  await vi.advanceTimersByTimeAsync(1_000)

  expect(tracked.map(([event]) => event)).toEqual(['Clicked'])
  expect(followed).toEqual([expect.stringMatching(/\/sale$/)])
  expect(errors).toEqual([])
})
