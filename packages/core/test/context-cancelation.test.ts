import { expect, it } from 'vitest'
import { ContextCancelation } from '../src'

it('may be tried again unless it says otherwise, and is of no special type', () => {
  expect({ ...new ContextCancelation({}) }).toEqual({ retry: true, type: 'plugin Error', reason: '' })
})

it('keeps what it is told', () => {
  const options = { retry: false, type: 'middleware_cancellation', reason: 'a health check' }

  expect({ ...new ContextCancelation(options) }).toEqual(options)
})

it('is a decision and no error: it costs no stack trace', () => {
  expect(new ContextCancelation({})).not.toBeInstanceOf(Error)
})

it('has the fields that it was given and no others', () => {
  expect(Object.keys(new ContextCancelation({}))).toEqual(['retry', 'type', 'reason'])
})
