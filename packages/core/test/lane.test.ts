import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLane } from '../src/flow/lane'

it('runs a task at once when nobody is ahead', () => {
  const lane = createLane()
  const ran: string[] = []
  lane.leave(lane.enter(), () => ran.push('first'))
  lane.leave(lane.enter(), () => ran.push('second'))

  expect(ran).toEqual(['first', 'second'])
})

it('holds those behind a slow one, and runs them as soon as it is there', () => {
  const lane = createLane()
  const ran: string[] = []
  const [slow, second, third] = [lane.enter(), lane.enter(), lane.enter()]
  lane.leave(third, () => ran.push('third'))
  lane.leave(second, () => ran.push('second'))
  expect(ran).toEqual([])

  lane.leave(slow, () => ran.push('slow'))

  expect(ran).toEqual(['slow', 'second', 'third'])
})

it('keeps the order of numbers, whatever the order in which they are handed in', () => {
  const anyOrder = fc.integer({ min: 1, max: 30 }).chain((count) => {
    const numbers = Array.from({ length: count }, (_, number) => number)
    return fc.shuffledSubarray(numbers, { minLength: count })
  })
  fc.assert(
    fc.property(anyOrder, (order) => {
      const lane = createLane()
      const ran: number[] = []
      for (const _ of order) lane.enter()
      for (const number of order) lane.leave(number, () => ran.push(number))

      expect(ran).toEqual([...order].sort((a, b) => a - b))
    }),
  )
})

it('finishes a task before the next begins, though the next is handed in within it', () => {
  const lane = createLane()
  const ran: string[] = []
  lane.leave(lane.enter(), () => {
    ran.push('outer begins')
    lane.leave(lane.enter(), () => ran.push('inner'))
    ran.push('outer ends')
  })

  expect(ran).toEqual(['outer begins', 'outer ends', 'inner'])
})

it('lets thousands wait behind one', () => {
  const lane = createLane()
  const slow = lane.enter()
  let count = 0
  for (let waiting = 0; waiting < 50_000; waiting++) lane.leave(lane.enter(), () => count++)

  lane.leave(slow, () => count++)

  expect(count).toBe(50_001)
})

describe('given a task that throws', () => {
  const failing = () => {
    throw new Error('mine')
  }

  it('throws to whoever set it off, and does not hold those behind it', () => {
    const lane = createLane()
    const ran: string[] = []
    const [first, second, third] = [lane.enter(), lane.enter(), lane.enter()]
    lane.leave(third, () => ran.push('third'))
    lane.leave(second, failing)

    expect(() => lane.leave(first, () => ran.push('first'))).toThrow('mine')
    lane.leave(lane.enter(), () => ran.push('fourth'))

    expect(ran).toEqual(['first', 'third', 'fourth'])
  })
})
