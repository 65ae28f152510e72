import type { Clock } from '@sluice/core/internal'
import { describe, expect, it } from 'vitest'

/** What every `Clock` must do. `pass` lets time go by, truly or not; `setDate` changes the date and answers how to change it back. */
export function clockContract(
  name: string,
  create: () => Clock,
  pass: (ms: number, clock: Clock) => Promise<void>,
  setDate: (ms: number, clock: Clock) => () => void,
): void {
  describe(`${name} as a clock`, () => {
    it('goes forward, the date as well', async () => {
      const clock = create()
      const start = { now: clock.now(), elapsed: clock.elapsed() }
      await pass(20, clock)

      expect(clock.now()).toBeGreaterThanOrEqual(start.now + 15)
      expect(clock.elapsed()).toBeGreaterThanOrEqual(start.elapsed + 15)
    })

    it.each<[string, (now: number) => number]>([
      ['is set back', (now) => now - 600_000],
      ['stands still', (now) => now],
      ['is set forward', (now) => now + 600_000],
      ['is no number', () => Number.NaN],
    ])('lets time go by as ever when the date %s', async (_, changed) => {
      const clock = create()
      const start = clock.elapsed()
      const restore = setDate(changed(clock.now()), clock)
      let firedAt = 0
      clock.after(20, () => {
        firedAt = clock.elapsed()
      })
      await pass(60, clock)
      restore()

      expect(firedAt - start).toBeGreaterThanOrEqual(20)
      expect(firedAt - start).toBeLessThan(600_000)
    })

    it('runs what is due, once, the sooner first', async () => {
      const clock = create()
      const ran: string[] = []
      clock.after(20, () => ran.push('later'))
      clock.after(5, () => ran.push('sooner'))

      expect(ran).toEqual([])
      await pass(60, clock)

      expect(ran).toEqual(['sooner', 'later'])
    })

    it('does not run what was taken back, nor mind taking it back twice or late', async () => {
      const clock = create()
      const ran: string[] = []
      const cancel = clock.after(5, () => ran.push('cancelled'))
      const tooLate = clock.after(5, () => ran.push('ran'))
      cancel()
      cancel()
      await pass(40, clock)
      tooLate()

      expect(ran).toEqual(['ran'])
    })

    it('does not take a wait of months for none at all', async () => {
      const clock = create()
      let ran = false
      const cancel = clock.after(2 ** 33, () => {
        ran = true
      })
      await pass(20, clock)
      cancel()

      expect(ran).toBe(false)
    })
  })
}
