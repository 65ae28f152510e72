import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Emitter } from '../src'

type Contract = { saved: [id: string, size: number]; closed: []; constructor: [] }

const listen = (calls: string[], name: string) => () => {
  calls.push(name)
}

describe('emitting an event', () => {
  it('calls its listeners in the order in which they came, with all arguments, on the emitter', () => {
    const emitter = new Emitter<Contract>()
    const calls: unknown[][] = []
    emitter.on('saved', function (this: unknown, ...args) {
      calls.push(['first', this === emitter, ...args])
    })
    emitter.on('saved', (...args) => calls.push(['second', ...args]))

    emitter.emit('saved', 'a', 3)

    expect(calls).toEqual([
      ['first', true, 'a', 3],
      ['second', 'a', 3],
    ])
  })

  it('calls nobody who listens to another event, and is fine when nobody listens at all', () => {
    const emitter = new Emitter<Contract & { error: [reason: Error] }>()
    const calls: string[] = []
    emitter.on('closed', listen(calls, 'closed'))

    emitter.emit('saved', 'a', 1)
    emitter.emit('error', new Error('nobody hears this'))

    expect(calls).toEqual([])
  })

  it('can be chained with all other methods', () => {
    const emitter = new Emitter<Contract>()
    const noop = () => {}

    expect(
      emitter
        .on('saved', noop)
        .once('saved', noop)
        .off('saved', noop)
        .off('closed', noop)
        .emit('saved', 'a', 1),
    ).toBe(emitter)
  })

  it('takes names that every object has', () => {
    const calls: string[] = []
    new Emitter<Contract>().on('constructor', listen(calls, 'called')).emit('constructor').emit('closed')

    expect(calls).toEqual(['called'])
  })
})

describe('a listener', () => {
  it('that was added twice is called twice, and taken back at once', () => {
    const emitter = new Emitter<Contract>()
    const calls: string[] = []
    const listener = listen(calls, 'called')
    emitter.on('closed', listener).on('closed', listener).once('closed', listener)

    emitter.emit('closed')
    expect(calls).toEqual(['called', 'called', 'called'])

    emitter.off('closed', listener).emit('closed')
    expect(calls).toHaveLength(3)
  })

  it('that was added with once is called once', () => {
    const calls: string[] = []
    new Emitter<Contract>().once('closed', listen(calls, 'called')).emit('closed').emit('closed')

    expect(calls).toEqual(['called'])
  })

  it('that was added with once can be taken back by its own name', () => {
    const emitter = new Emitter<Contract>()
    const calls: string[] = []
    const [gone, stays] = [listen(calls, 'gone'), listen(calls, 'stays')]

    emitter.once('closed', gone).once('closed', stays).off('closed', gone).emit('closed')

    expect(calls).toEqual(['stays'])
  })

  it('that was added with once is called once though another one emits the event again', () => {
    const emitter = new Emitter<Contract>()
    const calls: string[] = []
    emitter.once('closed', () => {
      calls.push('emits')
      emitter.emit('closed')
    })
    emitter.once('closed', listen(calls, 'once'))

    emitter.emit('closed')

    expect(calls).toEqual(['emits', 'once'])
  })

  it('that is added during an emit waits for the next one', () => {
    const emitter = new Emitter<Contract>()
    const calls: string[] = []
    emitter.once('closed', () => emitter.on('closed', listen(calls, 'late')))

    emitter.emit('closed')
    expect(calls).toEqual([])

    emitter.emit('closed')
    expect(calls).toEqual(['late'])
  })

  it('that is taken back during an emit makes no other one miss it', () => {
    const emitter = new Emitter<Contract>()
    const calls: string[] = []
    const first = () => {
      calls.push('first')
      emitter.off('closed', first)
    }
    emitter.on('closed', first).on('closed', listen(calls, 'second'))

    emitter.emit('closed').emit('closed')

    expect(calls).toEqual(['first', 'second', 'second'])
  })
})

describe('given listeners that throw', () => {
  const failing = (message: string) => () => {
    throw new Error(message)
  }

  it('calls the others all the same, then throws the first failure to the caller of emit', () => {
    const emitter = new Emitter<Contract>()
    const calls: string[] = []
    emitter.on('closed', failing('first')).on('closed', failing('second')).on('closed', listen(calls, 'last'))

    expect(() => emitter.emit('closed')).toThrow('first')
    expect(calls).toEqual(['last'])
  })

  it('tells a subclass that wants to know, instead of the caller', () => {
    const failures: unknown[] = []
    class Fenced extends Emitter<Contract> {
      protected override listenerFailed(event: keyof Contract, reason: unknown) {
        failures.push([event, String(reason)])
      }
    }

    new Fenced().on('closed', failing('mine')).emit('closed')

    expect(failures).toEqual([['closed', 'Error: mine']])
  })
})

describe('given more listeners than expected', () => {
  const warn = vi.spyOn(console, 'warn')
  beforeEach(() => void warn.mockReset().mockImplementation(() => {}))
  afterEach(() => void warn.mockReset())

  const add = (emitter: Emitter<Contract>, count: number, event: 'saved' | 'closed' = 'closed') => {
    for (let added = 0; added < count; added++) emitter.on(event, () => {})
  }

  it('warns at the eleventh, once for the whole emitter, naming the event', () => {
    const emitter = new Emitter<Contract>()
    add(emitter, 10)
    expect(warn).not.toHaveBeenCalled()

    add(emitter, 3)
    add(emitter, 12, 'saved')

    expect(warn.mock.calls).toEqual([[expect.stringContaining("Event 'closed' has 11 listeners")]])
  })

  it('counts each event for itself', () => {
    const emitter = new Emitter<Contract>()
    add(emitter, 10)
    add(emitter, 10, 'saved')

    expect(warn).not.toHaveBeenCalled()
  })

  it.each([
    { limit: 2, listeners: 2, warnings: 0 },
    { limit: 2, listeners: 3, warnings: 1 },
    { limit: 1, listeners: 2, warnings: 1 },
    { limit: 0, listeners: 100, warnings: 0 },
  ])(
    'warns $warnings times of $listeners listeners when the limit is $limit',
    ({ limit, listeners, warnings }) => {
      const given = new Emitter<Contract>({ maxListeners: limit })
      const changed = new Emitter<Contract>()
      changed.maxListeners = limit
      add(given, listeners)
      add(changed, listeners)

      expect(warn).toHaveBeenCalledTimes(2 * warnings)
    },
  )
})
