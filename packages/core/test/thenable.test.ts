/* biome-ignore-all lint/suspicious/noThenProperty: thenables are what this is about */
import { settled } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import { fence, isThenable } from '../src/flow/thenable'

describe('isThenable', () => {
  const callable = Object.assign(() => {}, { then() {} })
  class Later {
    then() {}
  }

  it.each<[string, unknown]>([
    ['a promise', Promise.resolve()],
    ['an object with a then method', { then() {} }],
    ['a function with one', callable],
    ['an instance whose class has one', new Later()],
  ])('takes %s for something to wait for', (_, value) => {
    expect(isThenable(value)).toBe(true)
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'then'],
    ['a number', 1],
    ['an object without then', { catch() {} }],
    ['an object whose then is no method', { then: true }],
    ['a plain function', () => {}],
  ])('does not take %s for it', (_, value) => {
    expect(isThenable(value)).toBe(false)
  })
})

describe('fence', () => {
  function run(foreign: () => unknown) {
    const ends: unknown[] = []
    fence(
      foreign,
      (value) => ends.push(['ok', value]),
      (reason) => ends.push(['failed', reason]),
    )
    return ends
  }

  it('answers at once for code that does not wait', () => {
    expect(run(() => 1)).toEqual([['ok', 1]])
    expect(
      run(() => {
        throw 'mine'
      }),
    ).toEqual([['failed', 'mine']])
  })

  it('answers later, with the value itself, for code that waits', async () => {
    const good = run(() => Promise.resolve(1))
    const bad = run(() => Promise.reject('mine'))
    expect([...good, ...bad]).toEqual([])

    await settled()

    expect([...good, ...bad]).toEqual([
      ['ok', 1],
      ['failed', 'mine'],
    ])
  })

  it.each<[string, (ok: (value: string) => void, failed: (reason: string) => void) => void, unknown[]]>([
    [
      'settles twice',
      (ok, failed) => {
        ok('first')
        ok('second')
        failed('third')
      },
      [['ok', 'first']],
    ],
    [
      'settles and then throws',
      (ok) => {
        ok('first')
        throw 'second'
      },
      [['ok', 'first']],
    ],
    [
      'throws',
      () => {
        throw 'mine'
      },
      [['failed', 'mine']],
    ],
  ])('answers exactly once for a thenable that %s', async (_, then, expected) => {
    const ends = run(() => ({ then }))
    await settled()

    expect(ends).toEqual(expected)
  })

  it('fences a `then` that cannot even be looked at', () => {
    const ends = run(() => ({
      get then(): unknown {
        throw 'hidden'
      },
    }))

    expect(ends).toEqual([['failed', 'hidden']])
  })

  it('does not take a fault of whoever is answered for one of the foreign code', () => {
    const failures: unknown[] = []
    const answer = () => {
      throw new Error('of the caller')
    }

    expect(() =>
      fence(
        () => 1,
        answer,
        (reason) => failures.push(reason),
      ),
    ).toThrow('of the caller')
    expect(failures).toEqual([])
  })
})
