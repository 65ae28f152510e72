import { describe, expect, it } from 'vitest'
import { createTally } from '../src/flow/tally'

function startTally() {
  const tally = createTally()
  const ended: string[] = []
  const wait = (name: string) => tally.whenSoFarEnded(() => ended.push(name))
  return { ...tally, ended, wait }
}

it('counts what has begun and not ended', () => {
  const { begin, end, count } = startTally()
  const [first] = [begin(), begin()]
  expect(count()).toBe(2)

  end(first)

  expect(count()).toBe(1)
})

it('answers at once when nothing is under way', () => {
  const { begin, end, ended, wait } = startTally()
  wait('before any')
  end(begin())
  wait('after one')

  expect(ended).toEqual(['before any', 'after one'])
})

describe('waiting while work goes on', () => {
  it('ends with the last piece that had begun, not with those that came later', () => {
    const { begin, end, ended, wait, count } = startTally()
    const [first, second] = [begin(), begin()]
    wait('waiter')
    const later = begin()

    end(first)
    expect(ended).toEqual([])
    end(second)

    expect(ended).toEqual(['waiter'])
    expect(count()).toBe(1)
    end(later)
    expect(ended).toEqual(['waiter'])
  })

  it('is not ended by later work that is over sooner', () => {
    const { begin, end, ended, wait } = startTally()
    const slow = begin()
    wait('waiter')
    end(begin())
    expect(ended).toEqual([])

    end(slow)

    expect(ended).toEqual(['waiter'])
  })

  it('lets a second waiter wait for the first one’s work as well', () => {
    const { begin, end, ended, wait } = startTally()
    const old = begin()
    wait('first')
    const recent = begin()
    wait('second')

    end(recent)
    expect(ended).toEqual([])
    end(old)

    expect(ended).toEqual(['first', 'second'])
  })

  it('tells each of several waiters, the first one first', () => {
    const { begin, end, ended, wait } = startTally()
    const work = begin()
    wait('first')
    wait('second')
    end(work)

    expect(ended).toEqual(['first', 'second'])
  })

  it('tells nobody twice', () => {
    const { begin, end, ended, wait } = startTally()
    const work = begin()
    wait('waiter')
    end(work)
    end(begin())

    expect(ended).toEqual(['waiter'])
  })

  it('tells nobody who has gone away', () => {
    const { begin, end, ended, wait } = startTally()
    const work = begin()
    const leave = wait('gone')
    wait('stays')
    leave()
    leave()
    end(work)

    expect(ended).toEqual(['stays'])
  })

  it('lets a waiter begin new work and wait again', () => {
    const { begin, end, ended, wait, whenSoFarEnded } = startTally()
    const work = begin()
    let next: ReturnType<typeof begin> | undefined
    whenSoFarEnded(() => {
      next = begin()
      wait('second')
    })
    end(work)
    expect(ended).toEqual([])

    if (next) end(next)

    expect(ended).toEqual(['second'])
  })
})

it('says which work is awaited, so that it need not dawdle', () => {
  const { begin, wait } = startTally()
  const before = begin()
  expect(before.awaited).toBe(false)
  wait('waiter')
  const after = begin()

  expect([before.awaited, after.awaited]).toEqual([true, false])
})
