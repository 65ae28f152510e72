/** Fields may have the names of what forms have, and hide it. */
import { expect, it, vi } from 'vitest'
import { trackForms } from '../../src/auto-track/track-forms'
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
