import { describe, expect, it } from 'vitest'
import { ValidationError } from '../src'
import { toError } from '../src/to-error'

it('a ValidationError names the field, and is known by its class', () => {
  const error = new ValidationError('.userId', 'is nil')

  expect(error).toBeInstanceOf(ValidationError)
  expect(error).toBeInstanceOf(Error)
  expect({ ...error, message: error.message }).toEqual({
    name: 'ValidationError',
    field: '.userId',
    message: '.userId is nil',
  })
})

describe('toError', () => {
  it('gives back an error as it is', () => {
    const error = new TypeError('mine')

    expect(toError(error)).toBe(error)
  })

  const unshowable = {
    toString() {
      throw new Error('never')
    },
  }

  it.each<[string, unknown, string]>([
    ['text', 'down', 'down'],
    ['a number', 7, '7'],
    ['nothing', undefined, 'undefined'],
    ['an object', { toString: () => 'mine' }, 'mine'],
    ['what cannot be shown', unshowable, '[object Object]'],
    ['an object without prototype', Object.create(null), '[object Object]'],
  ])('makes an error of %s, and keeps it as the cause', (_, reason, message) => {
    const error = toError(reason)

    expect(error).toBeInstanceOf(Error)
    expect(error.message).toBe(message)
    expect(error.cause).toBe(reason)
  })
})
