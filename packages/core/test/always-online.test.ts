import { expect, it } from 'vitest'
import { alwaysOnline } from '../src/internal'

it('is online, and never says that anything changed', () => {
  const heard: string[] = []
  const stopOnline = alwaysOnline.onOnline(() => heard.push('online'))
  const stopLeave = alwaysOnline.onLeave(() => heard.push('leave'))
  stopOnline()
  stopLeave()

  expect(alwaysOnline.isOnline()).toBe(true)
  expect(heard).toEqual([])
})
