import { createFakeClock } from '@sluice/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLane, noPlace } from '../src/flow/lane'

it('runs a task at once when nobody is ahead', () => {
  const lane = createLane(createFakeClock())
  const ran: string[] = []
  lane.leave(lane.enter(), () => ran.push('first'))
  lane.leave(lane.enter(), () => ran.push('second'))

  expect(ran).toEqual(['first', 'second'])
})

it('holds those behind a slow one, and runs them as soon as it is there', () => {
  const lane = createLane(createFakeClock())
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
      const lane = createLane(createFakeClock())
      const ran: number[] = []
      for (const _ of order) lane.enter()
      for (const number of order) lane.leave(number, () => ran.push(number))

      expect(ran).toEqual([...order].sort((a, b) => a - b))
    }),
  )
})

it('finishes a task before the next begins, though the next is handed in within it', () => {
  const lane = createLane(createFakeClock())
  const ran: string[] = []
  lane.leave(lane.enter(), () => {
    ran.push('outer begins')
    lane.leave(lane.enter(), () => ran.push('inner'))
    ran.push('outer ends')
  })

  expect(ran).toEqual(['outer begins', 'outer ends', 'inner'])
})

it('lets thousands wait behind one', () => {
  const lane = createLane(createFakeClock())
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
    const lane = createLane(createFakeClock())
    const ran: string[] = []
    const [first, second, third] = [lane.enter(), lane.enter(), lane.enter()]
    lane.leave(third, () => ran.push('third'))
    lane.leave(second, failing)

    expect(() => lane.leave(first, () => ran.push('first'))).toThrow('mine')
    lane.leave(lane.enter(), () => ran.push('fourth'))

    expect(ran).toEqual(['first', 'third', 'fourth'])
  })
})

describe('given one that is slow', () => {
  /** A lane of which some have handed in something, each after so many ms. */
  async function startLane(...handedInAfterMs: (number | undefined)[]) {
    const clock = createFakeClock()
    const lane = createLane(clock, 1_000)
    const begin = clock.now()
    const ran: string[] = []
    const leave = (number: number) =>
      lane.leave(number, () => ran.push(`${number} at ${clock.now() - begin}`))
    handedInAfterMs.forEach((ms) => {
      const number = lane.enter()
      if (ms === 0) leave(number)
      else if (ms !== undefined) clock.after(ms, () => leave(number))
    })
    return { clock, lane, leave, ran }
  }

  it('waits for it for a second and then overtakes it', async () => {
    const { clock, ran } = await startLane(undefined, 0)
    await clock.advance(999)
    expect(ran).toEqual([])
    await clock.advance(1)

    expect(ran).toEqual(['1 at 1000'])
    expect(clock.timers).toBe(0)
  })

  it('waits for one that is faster than that, and for no longer than for that one', async () => {
    const { clock, ran } = await startLane(999, 0)
    await clock.advance(999)

    expect(ran).toEqual(['0 at 999', '1 at 999'])
    expect(clock.timers).toBe(0)
  })

  it('lets the slow one go as soon as it comes, and nobody waits for it any more', async () => {
    const { clock, ran, lane, leave } = await startLane(1_500, 0)
    await clock.advance(1_000)
    leave(lane.enter())
    await clock.advance(500)

    expect(ran).toEqual(['1 at 1000', '2 at 1000', '0 at 1500'])
  })

  it('keeps the order of those that overtake, and takes those along that stand before them', async () => {
    const { clock, ran } = await startLane(undefined, 400, undefined, 100, 0)
    await clock.advance(1_000)

    expect(ran).toEqual(['1 at 1000', '3 at 1000', '4 at 1000'])
    expect(clock.timers).toBe(0)
  })

  it('has each wait for a second of its own, however many are slow', async () => {
    const { clock, ran } = await startLane(undefined, 0, undefined, 300, undefined, 600)
    await clock.advance(1_000)
    expect(ran).toEqual(['1 at 1000'])
    await clock.advance(300)
    expect(ran).toEqual(['1 at 1000', '3 at 1300'])
    await clock.advance(300)

    expect(ran).toEqual(['1 at 1000', '3 at 1300', '5 at 1600'])
    expect(clock.timers).toBe(0)
  })

  it('is not overtaken early by a timer that is', async () => {
    const clock = createFakeClock()
    const early = {
      ...clock,
      after: (ms: number, run: () => void) => clock.after(Math.max(ms - 1, 1), run),
    }
    const lane = createLane(early, 1_000)
    const ran: string[] = []
    lane.enter()
    lane.leave(lane.enter(), () => ran.push('second'))
    await clock.advance(999)
    expect(ran).toEqual([])
    await clock.advance(1)

    expect(ran).toEqual(['second'])
  })
})

it('neither holds those without a place nor has others wait for them', () => {
  const clock = createFakeClock()
  const lane = createLane(clock)
  const ran: string[] = []
  lane.enter()
  lane.leave(noPlace, () => ran.push('without'))

  expect(ran).toEqual(['without'])
  expect(clock.timers).toBe(0)
})

it('sets no timer while nobody waits, also if one is handed in within another', () => {
  const clock = createFakeClock()
  const lane = createLane({
    ...clock,
    after() {
      throw new Error('a timer')
    },
  })
  const ran: string[] = []
  lane.leave(lane.enter(), () => lane.leave(lane.enter(), () => ran.push('inner')))

  expect(ran).toEqual(['inner'])
})
