import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { FlowLibrary } from '../src/library'
import { flowSubjects } from '../src/subjects'

describe.each(flowSubjects)('the emitter of $name', (subject) => {
  let flow: FlowLibrary
  beforeAll(async () => {
    flow = await subject.load()
  })

  it('calls the listeners of an event in order, with all arguments and the emitter as this', () => {
    const emitter = new flow.Emitter()
    const heard: unknown[] = []
    emitter.on('a', function (this: unknown, ...args) {
      heard.push(['first', this === emitter, args])
    })
    emitter.on('a', (...args) => heard.push(['second', args]))
    emitter.on('b', () => heard.push('never'))

    emitter.emit('a', 1, 2)

    expect(heard).toEqual([
      ['first', true, [1, 2]],
      ['second', [1, 2]],
    ])
  })

  it('can be chained', () => {
    const emitter = new flow.Emitter()
    const listener = () => {}

    expect(emitter.on('a', listener)).toBe(emitter)
    expect(emitter.once('a', listener)).toBe(emitter)
    expect(emitter.off('a', listener)).toBe(emitter)
    expect(emitter.emit('a')).toBe(emitter)
  })

  it('forgets a once-listener after the first event', () => {
    const emitter = new flow.Emitter()
    const listener = vi.fn()
    emitter.once('a', listener)

    emitter.emit('a', 1).emit('a', 2)

    expect(listener.mock.calls).toEqual([[1]])
  })

  it('calls a listener as often as it was added, and off removes all of it', () => {
    const emitter = new flow.Emitter()
    const listener = vi.fn()
    emitter.on('a', listener).on('a', listener).emit('a')
    const twice = listener.mock.calls.length

    emitter.off('a', listener).emit('a')

    expect(twice).toBe(2)
    expect(listener).toHaveBeenCalledTimes(2)
  })

  it('is not disturbed by listeners that come and go during an event', () => {
    const emitter = new flow.Emitter()
    const heard: string[] = []
    const second = () => heard.push('second')
    emitter.on('a', () => {
      heard.push('first')
      emitter.off('a', second)
    })
    emitter.on('a', second)
    emitter.on('a', () => heard.push('third'))

    emitter.emit('a')

    expect(heard).toEqual(['first', 'second', 'third'])
  })

  it('ignores events and listeners nobody knows', () => {
    const emitter = new flow.Emitter()

    expect(() => emitter.emit('error', new Error('mine')).off('a', () => {})).not.toThrow()
  })

  it.each([
    { options: undefined, most: 10, warns: true },
    { options: { maxListeners: 3 }, most: 3, warns: true },
    { options: { maxListeners: 0 }, most: 30, warns: false },
  ])(
    'warns once ($warns) with more than $most listeners of one event, given $options',
    ({ options, most, warns }) => {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
      const emitter = new flow.Emitter(options)

      for (let i = 0; i < most; i += 1) emitter.on('popular', () => {})
      const early = warn.mock.calls.length
      for (let i = 0; i < 5; i += 1) emitter.on('popular', () => {})
      for (let i = 0; i < most + 5; i += 1) emitter.on('other', () => {})
      const said = warn.mock.calls.map((args) => args.join(' '))
      warn.mockRestore()

      expect(early).toBe(0)
      expect(said).toHaveLength(warns ? 1 : 0)
      if (warns) {
        expect(said[0]).toContain('popular')
        expect(said[0]).toContain(String(most))
      }
    },
  )

  it('has a limit that can be changed', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const emitter = new flow.Emitter()
    expect(emitter.maxListeners).toBe(10)

    emitter.maxListeners = 20
    for (let i = 0; i < 20; i += 1) emitter.on('a', () => {})
    const said = warn.mock.calls.length
    warn.mockRestore()

    expect(said).toBe(0)
  })
})

describe.each(flowSubjects)('a deferred promise of $name', (subject) => {
  let flow: FlowLibrary
  beforeAll(async () => {
    flow = await subject.load()
  })

  it('resolves from outside', async () => {
    const deferred = flow.createDeferred<number>()
    const before = deferred.isSettled()

    deferred.resolve(7)

    expect([before, deferred.isSettled()]).toEqual([false, true])
    expect(await deferred.promise).toBe(7)
  })

  it('rejects from outside', async () => {
    const deferred = flow.createDeferred<number>()

    deferred.reject(new Error('mine'))

    expect(deferred.isSettled()).toBe(true)
    await expect(deferred.promise).rejects.toThrow('mine')
  })

  it('counts as settled once it follows another promise', () => {
    const deferred = flow.createDeferred<number>()

    deferred.resolve(new Promise(() => {}))

    expect(deferred.isSettled()).toBe(true)
  })
})
