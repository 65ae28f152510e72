import { createFakeClock } from '@sluice/testing'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createBatcher } from '../../src/delivery/batcher'
import type { Parcel } from '../../src/internal'

const idsOf = (parcels: Parcel[] = []) => parcels.map(({ id }) => id)

it('hands out every event once, in order, however many come and go in between', () => {
  const count = fc.integer({ min: 1, max: 100 })
  const step = fc.oneof(
    fc.record({ add: count }),
    fc.record({ take: count }),
    fc.record({ takeOldest: count }),
  )
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const limits = { maxEvents: 7, maxBytes: 1e9, hardMaxEvents: 100, maxLeavingBytes: 1e9, maxWaitMs: 10 }
      const batcher = createBatcher(limits, createFakeClock(), () => {})
      const waiting: string[] = []
      let next = 0
      for (const action of steps) {
        if ('add' in action) {
          for (let left = action.add; left > 0; left--) {
            const id = String(next++)
            batcher.add({ id, json: '', bytes: 10, settle() {} }, false)
            waiting.push(id)
          }
        } else if ('take' in action) {
          batcher.flush()
          for (let left = action.take; left > 0; left--) {
            expect(idsOf(batcher.take(2, false))).toEqual(waiting.splice(0, 7))
          }
        } else {
          for (let left = action.takeOldest; left > 0; left--) {
            expect(batcher.takeOldest()?.id).toBe(waiting.shift())
          }
        }
      }
      expect(idsOf(batcher.takeAll())).toEqual(waiting)
    }),
    { numRuns: 50 },
  )
})
