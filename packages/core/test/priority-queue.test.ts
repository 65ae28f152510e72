import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ON_REMOVE_FROM_FUTURE, PriorityQueue } from '../src'

const item = (id: string) => ({ id })

function createQueue(maxAttempts = 10, initial: string[] = [], seen?: Record<string, number>) {
  const queue = new PriorityQueue(maxAttempts, initial.map(item), seen)
  const due: number[] = []
  queue.on(ON_REMOVE_FROM_FUTURE, () => due.push(queue.length))
  return { queue, due }
}

function popAll(queue: PriorityQueue<{ id: string }>): string[] {
  const ids: string[] = []
  for (let next = queue.pop(); next; next = queue.pop()) ids.push(next.id)
  return ids
}

describe('pushing and popping', () => {
  it('gives the items back in order, and nothing when there is none', () => {
    const { queue } = createQueue()

    expect(queue.push(item('a'), item('b'), item('c'))).toEqual([true, true, true])
    expect([queue.length, queue.todo]).toEqual([3, 3])
    expect(popAll(queue)).toEqual(['a', 'b', 'c'])
    expect(queue.pop()).toBeUndefined()
    expect(queue.length).toBe(0)
  })

  it('starts with the items and the attempts that it is given, and leaves both lists to their owner', () => {
    const initial = [item('a'), item('b')]
    const queue = new PriorityQueue(10, initial, { a: 3, c: 1 })
    queue.push(item('c'))

    expect([queue.getAttempts(item('a')), queue.getAttempts(item('c'))]).toEqual([3, 2])
    expect(popAll(queue)).toEqual(['b', 'c', 'a'])
    expect(initial).toEqual([item('a'), item('b')])
  })

  it('refuses an item that it holds already, and counts that as an attempt', () => {
    const { queue } = createQueue()

    expect(queue.push(item('a'), item('a'))).toEqual([true, false])
    expect(queue.length).toBe(1)
    expect(queue.getAttempts(item('a'))).toBe(2)
  })

  it('takes an item again that was popped, until it was tried too often', () => {
    const { queue } = createQueue(2)
    const accepted = [1, 2, 3].map(() => {
      const [isAccepted] = queue.push(item('a'))
      queue.pop()
      return isAccepted
    })

    expect(accepted).toEqual([true, true, false])
  })

  it('puts a fresh item before one that was tried before', () => {
    const { queue } = createQueue()
    queue.push(item('old'))
    queue.pop()
    queue.push(item('old'), item('fresh'))

    expect(popAll(queue)).toEqual(['fresh', 'old'])
  })

  it('always pops the item that was tried least, and the one pushed first among equals', () => {
    const action = fc.oneof(fc.record({ push: fc.constantFrom('a', 'b', 'c', 'd', 'e') }), fc.constant('pop'))
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const { queue } = createQueue(5)
        let model: { id: string; attempts: number }[] = []
        const attempts: Record<string, number> = {}
        for (const next of actions) {
          if (typeof next === 'string') {
            expect(queue.pop()?.id).toBe(model.shift()?.id)
            continue
          }
          const id = next.push
          const count = (attempts[id] ?? 0) + 1
          attempts[id] = count
          const isAccepted = count <= 5 && !model.some((other) => other.id === id)
          model = model.map((other) => (other.id === id ? { id, attempts: count } : other))
          if (isAccepted) {
            model.push({ id, attempts: count })
            model.sort((one, other) => one.attempts - other.attempts)
          }
          expect(queue.push(item(id))).toEqual([isAccepted])
        }
        expect(popAll(queue)).toEqual(model.map(({ id }) => id))
      }),
    )
  })
})

describe('attempts', () => {
  it('are counted when the owner says so', () => {
    const { queue } = createQueue()

    expect(queue.getAttempts(item('a'))).toBe(0)
    expect([queue.updateAttempts(item('a')), queue.updateAttempts(item('a'))]).toEqual([1, 2])
    expect(queue.getAttempts(item('a'))).toBe(2)
  })

  it('of an ended item are remembered for a while but not for ever', () => {
    const { queue } = createQueue()
    queue.updateAttempts(item('first'))
    queue.settled(item('first'))
    expect(queue.getAttempts(item('first'))).toBe(1)

    for (let count = 0; count < 100; count++) queue.settled(item(`later ${count}`))

    expect(queue.getAttempts(item('first'))).toBe(0)
  })
})

describe('given delays', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.spyOn(Math, 'random').mockReturnValue(0)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  it('keeps the item out of sight until it is due, and then tells', () => {
    const { queue, due } = createQueue()

    expect(queue.pushWithDelay(item('a'), 100)).toBe(true)
    vi.advanceTimersByTime(99)
    expect([queue.length, queue.todo, queue.includes(item('a'))]).toEqual([0, 1, true])
    expect(queue.pop()).toBeUndefined()
    expect(due).toEqual([])

    vi.advanceTimersByTime(1)
    expect([queue.length, queue.todo, queue.includes(item('a'))]).toEqual([1, 1, true])
    expect(due).toEqual([1])
  })

  it('pushes at once with backoff when it is the first attempt', () => {
    const { queue } = createQueue()

    expect(queue.pushWithBackoff(item('a'))).toBe(true)
    expect(queue.length).toBe(1)
  })

  it.each([
    { attempts: 1, minTimeout: 0, wait: 1_000 },
    { attempts: 2, minTimeout: 0, wait: 2_000 },
    { attempts: 3, minTimeout: 0, wait: 4_000 },
    { attempts: 1, minTimeout: 900, wait: 1_000 },
    { attempts: 1, minTimeout: 3_000, wait: 3_000 },
    { attempts: 0, minTimeout: 700, wait: 700 },
    { attempts: 0, minTimeout: 100, wait: 500 },
  ])(
    'waits $wait ms after $attempts attempts when it is to wait $minTimeout at least',
    ({ attempts, minTimeout, wait }) => {
      const { queue } = createQueue(10, [], { a: attempts })
      queue.pushWithBackoff(item('a'), minTimeout)
      vi.advanceTimersByTime(wait - 1)
      expect(queue.length).toBe(0)

      vi.advanceTimersByTime(1)
      expect(queue.length).toBe(1)
    },
  )

  it('refuses what was tried too often, or waits already, and sets no timer for it', () => {
    const { queue } = createQueue(1)
    queue.pushWithDelay(item('waits'), 10)
    queue.updateAttempts(item('tired'))

    expect(queue.pushWithDelay(item('waits'), 10)).toBe(false)
    expect(queue.pushWithDelay(item('tired'), 10)).toBe(false)
    expect(queue.pushWithBackoff(item('tired'))).toBe(false)
    expect(vi.getTimerCount()).toBe(1)
  })

  it('puts a due item at the end, and orders all by their attempts with the next push', () => {
    const { queue } = createQueue(10, [], { tired: 5 })
    queue.pushWithDelay(item('a'), 10)
    queue.push(item('tired'))
    vi.advanceTimersByTime(10)
    queue.push(item('b'))

    expect(popAll(queue)).toEqual(['a', 'b', 'tired'])
  })

  it('does not change the order of what is there when an item is due', () => {
    const { queue } = createQueue(10, [], { tired: 5 })
    queue.pushWithDelay(item('a'), 10)
    queue.push(item('tired'))
    vi.advanceTimersByTime(10)

    expect(popAll(queue)).toEqual(['tired', 'a'])
  })
})
