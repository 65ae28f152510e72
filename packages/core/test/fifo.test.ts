import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createFifo } from '../src/flow/fifo'

it('is a queue: pushing, shifting, counting and looking do what they do on a list', () => {
  const step = fc.oneof(
    fc.record({ push: fc.integer({ min: 1, max: 200 }) }),
    fc.record({ shift: fc.integer({ min: 1, max: 200 }) }),
  )
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const fifo = createFifo<number>()
      const list: number[] = []
      let next = 0
      for (const action of steps) {
        if ('push' in action) {
          for (let count = action.push; count > 0; count--) {
            fifo.push(next)
            list.push(next)
            next++
          }
        } else {
          for (let count = action.shift; count > 0; count--) expect(fifo.shift()).toBe(list.shift())
        }
        expect(fifo.length).toBe(list.length)
        expect(fifo.peek()).toBe(list[0])
      }
    }),
    { numRuns: 50 },
  )
})

it('tells an item that is undefined from none', () => {
  const fifo = createFifo<string | undefined>()
  fifo.push(undefined)
  fifo.push('second')

  expect(fifo.length).toBe(2)
  expect([fifo.shift(), fifo.shift(), fifo.length]).toEqual([undefined, 'second', 0])
})
