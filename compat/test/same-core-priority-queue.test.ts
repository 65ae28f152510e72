import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { CoreLibrary, PriorityQueueLike, QueueItem } from '../src/library'
import { coreSubjects } from '../src/subjects'
import { inVirtualTime } from '../src/virtual-time'

describe.each(coreSubjects)('the priority queue of $name', (subject) => {
  let core: CoreLibrary
  beforeAll(async () => {
    core = await subject.load()
  })
  const item = (id: string): QueueItem => ({ id })
  const drain = (queue: PriorityQueueLike) => {
    const ids: string[] = []
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) ids.push(next.id)
    return ids
  }

  it('gives back what it was given, in order', () => {
    const queue = new core.PriorityQueue(3, [])

    expect(queue.push(item('a'), item('b'))).toEqual([true, true])
    expect(queue.push(item('c'))).toEqual([true])

    expect(queue.length).toBe(3)
    expect(queue.todo).toBe(3)
    expect(drain(queue)).toEqual(['a', 'b', 'c'])
    expect(queue.pop()).toBeUndefined()
  })

  it('starts with the items and the attempts it is given', () => {
    const queue = new core.PriorityQueue(2, [item('a')], { a: 1, b: 2 })

    expect(queue.length).toBe(1)
    expect(queue.maxAttempts).toBe(2)
    expect(queue.getAttempts(item('a'))).toBe(1)
    expect(queue.getAttempts(item('b'))).toBe(2)
    expect(queue.push(item('b'))).toEqual([false])
  })

  it('refuses what it holds already, and counts that as an attempt', () => {
    const queue = new core.PriorityQueue(5, [])
    queue.push(item('a'))

    expect(queue.push(item('a'), item('b'))).toEqual([false, true])
    expect(queue.getAttempts(item('a'))).toBe(2)
    expect(queue.includes(item('a'))).toBe(true)
    expect(queue.includes(item('z'))).toBe(false)
    expect(queue.length).toBe(2)
  })

  it('refuses an item that was tried too often', () => {
    const queue = new core.PriorityQueue(2, [])

    const accepted = [1, 2, 3].map(() => {
      const [yes] = queue.push(item('a'))
      queue.pop()
      return yes
    })

    expect(accepted).toEqual([true, true, false])
  })

  it('puts a fresh item before one that was tried before', () => {
    const queue = new core.PriorityQueue(5, [])
    queue.push(item('old'))
    queue.pop()

    queue.push(item('old'))
    queue.push(item('new'))
    queue.push(item('newer'))

    expect(drain(queue)).toEqual(['new', 'newer', 'old'])
  })

  it('counts attempts when told to', () => {
    const queue = new core.PriorityQueue(5, [])

    expect(queue.getAttempts(item('a'))).toBe(0)
    expect(queue.updateAttempts(item('a'))).toBe(1)
    expect(queue.updateAttempts(item('a'))).toBe(2)
    expect(queue.getAttempts(item('a'))).toBe(2)
  })

  it('queues a first attempt at once even with backoff', () => {
    const queue = new core.PriorityQueue(5, [])

    expect(queue.pushWithBackoff(item('a'))).toBe(true)

    expect(queue.length).toBe(1)
  })

  it('holds a later attempt back, doubling from half a second, and tells when it is due', async () => {
    await inVirtualTime(async (time) => {
      const queue = new core.PriorityQueue(5, [])
      const due = vi.fn()
      queue.on(core.ON_REMOVE_FROM_FUTURE, due)
      queue.push(item('a'))
      queue.pop()

      expect(queue.pushWithBackoff(item('a'))).toBe(true)
      expect([queue.length, queue.todo, queue.includes(item('a'))]).toEqual([0, 1, true])
      expect(queue.push(item('a'))).toEqual([false])
      await time.pass(999)
      expect(due).not.toHaveBeenCalled()
      await time.pass(1_002)

      expect(due).toHaveBeenCalledOnce()
      expect([queue.length, queue.todo]).toEqual([1, 1])
      expect(queue.pop()).toEqual({ id: 'a' })
    })
  })

  it('holds back for at least the given time', async () => {
    await inVirtualTime(async (time) => {
      const queue = new core.PriorityQueue(5, [])

      expect(queue.pushWithBackoff(item('a'), 5_000)).toBe(true)
      await time.pass(4_999)
      expect(queue.length).toBe(0)
      await time.pass(2)

      expect(queue.length).toBe(1)
      expect(queue.getAttempts(item('a'))).toBe(1)
    })
  })

  it('holds back for exactly the given delay', async () => {
    await inVirtualTime(async (time) => {
      const queue = new core.PriorityQueue(5, [])

      expect(queue.pushWithDelay(item('a'), 100)).toBe(true)
      expect(queue.pushWithDelay(item('a'), 100)).toBe(false)
      await time.pass(99)
      expect(queue.length).toBe(0)
      await time.pass(1)

      expect(queue.length).toBe(1)
    })
  })

  it('refuses to hold back what was tried too often', () => {
    const queue = new core.PriorityQueue(1, [])
    queue.push(item('a'))
    queue.pop()

    expect(queue.pushWithBackoff(item('a'))).toBe(false)
    expect(queue.pushWithDelay(item('a'), 1)).toBe(false)
    expect(queue.todo).toBe(0)
  })

  it('puts an item that is due at the end, however often it was tried', async () => {
    await inVirtualTime(async (time) => {
      const queue = new core.PriorityQueue(9, [])
      queue.updateAttempts(item('often'))
      queue.updateAttempts(item('often'))
      queue.updateAttempts(item('often'))
      queue.push(item('often'))
      queue.pushWithDelay(item('late'), 10)
      await time.pass(10)

      expect(drain(queue)).toEqual(['often', 'late'])
    })
  })

  it('names its event', () => {
    expect(core.ON_REMOVE_FROM_FUTURE).toBe('onRemoveFromFuture')
  })
})
