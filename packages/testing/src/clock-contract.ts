import type { Clock } from '@sluice/core/internal'
import { describe, expect, it } from 'vitest'

/** What every `Clock` must do. `pass` lets time go by, truly or not. */
export function clockContract(
  name: string,
  create: () => Clock,
  pass: (ms: number, clock: Clock) => Promise<void>,
): void {
  describe(`${name} as a clock`, () => {
    it('goes forward', async () => {
      const clock = create()
      const start = clock.now()
      await pass(20, clock)

      expect(clock.now()).toBeGreaterThanOrEqual(start + 15)
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
