import { settled } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import { createDeferred, createTaskGroup } from '../src'

/** Notes when the group says that it is idle. */
function watch(done: Promise<void> | undefined) {
  const seen = { isIdle: done === undefined }
  void done?.then(() => {
    seen.isIdle = true
  })
  return seen
}

it('runs an operation at once and gives back what it gave', () => {
  const group = createTaskGroup()
  const promise = Promise.resolve(1)

  expect(group.run(() => 'now')).toBe('now')
  expect(group.run(() => promise)).toBe(promise)
})

it('is idle before anything ran and while operations answer at once', () => {
  const group = createTaskGroup()
  group.run(() => 1)

  expect(group.done()).toBeUndefined()
})

it('is done when the last of the tasks that overlap is over, however each of them ends', async () => {
  const group = createTaskGroup()
  const [first, second] = [createDeferred<void>(), createDeferred<void>()]
  const failing = group.run(() => first.promise)
  const seen = watch(group.done())
  group.run(() => second.promise)

  first.reject(new Error('mine'))
  await expect(failing).rejects.toThrow('mine')
  await settled()
  expect(seen.isIdle).toBe(false)

  second.resolve()
  await settled()
  expect(seen.isIdle).toBe(true)
  expect(group.done()).toBeUndefined()
})

it('is busy again with the next task', async () => {
  const group = createTaskGroup()
  group.run(() => Promise.resolve())
  await group.done()
  const next = createDeferred<void>()
  group.run(() => next.promise)
  const seen = watch(group.done())

  await settled()
  expect(seen.isIdle).toBe(false)
  next.resolve()
  await settled()
  expect(seen.isIdle).toBe(true)
})

describe('given an operation that throws', () => {
  it('throws to its caller and stays idle', () => {
    const group = createTaskGroup()
    const operation = () => {
      throw new Error('mine')
    }

    expect(() => group.run(operation)).toThrow('mine')
    expect(group.done()).toBeUndefined()
  })
})

describe('given a thenable that is no promise', () => {
  it('waits for it, though all it can do is `then`', async () => {
    const group = createTaskGroup()
    let finish = () => {}
    const thenable = {
      // biome-ignore lint/suspicious/noThenProperty: that is what it is about
      then(resolve: () => void) {
        finish = resolve
      },
    }
    expect(group.run(() => thenable)).toBe(thenable)
    const seen = watch(group.done())

    await settled()
    expect(seen.isIdle).toBe(false)
    finish()
    await settled()
    expect(seen.isIdle).toBe(true)
  })
})
