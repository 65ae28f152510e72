import { expect, it } from 'vitest'
import { createDeferred } from '../src'

it('is settled from outside, with a value', async () => {
  const deferred = createDeferred<number>()
  expect(deferred.isSettled()).toBe(false)

  deferred.resolve(7)

  expect(deferred.isSettled()).toBe(true)
  expect(await deferred.promise).toBe(7)
})

it('is settled from outside, with a reason', async () => {
  const deferred = createDeferred<number>()
  deferred.reject('no')

  expect(deferred.isSettled()).toBe(true)
  await expect(deferred.promise).rejects.toBe('no')
})

it('counts as settled as soon as it follows another promise', async () => {
  const first = createDeferred<string>()
  const second = createDeferred<string>()
  second.resolve(first.promise)

  expect(second.isSettled()).toBe(true)
  first.resolve('both')
  expect(await second.promise).toBe('both')
})

it('keeps its first end', async () => {
  const deferred = createDeferred<string>()
  deferred.resolve('first')
  deferred.reject(new Error('too late'))

  expect(await deferred.promise).toBe('first')
})
