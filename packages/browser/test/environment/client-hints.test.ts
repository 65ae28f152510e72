import { describe, expect, it, vi } from 'vitest'
import type { HighEntropyHint } from '../../src/environment/client-hints'
import { readClientHints } from '../../src/environment/client-hints'

const toldToAll = { brands: [{ brand: 'Shop', version: '1' }], mobile: false, platform: 'Linux' }
const hints: HighEntropyHint[] = ['model', 'bitness']

function browserThat(answer: () => Promise<object>) {
  const asked: HighEntropyHint[][] = []
  const source = {
    toJSON: () => toldToAll,
    getHighEntropyValues(names: HighEntropyHint[]) {
      asked.push(names)
      return answer()
    },
  }
  return { source, asked }
}

describe('client hints', () => {
  it('are what the browser tells everybody, unless more is asked for', async () => {
    const { source, asked } = browserThat(async () => ({ model: 'X' }))

    expect(await readClientHints(source)).toEqual(toldToAll)
    expect(asked).toEqual([])
  })

  it('are what was asked for by name', async () => {
    const { source, asked } = browserThat(async () => ({ ...toldToAll, model: 'X' }))

    expect(await readClientHints(source, hints)).toEqual({ ...toldToAll, model: 'X' })
    expect(asked).toEqual([hints])
  })

  it.each<[string, () => Promise<object>]>([
    ['rejects', () => Promise.reject(new Error('NotAllowedError'))],
    [
      'throws',
      () => {
        throw new TypeError('no such hint')
      },
    ],
  ])('are what everybody is told when the browser %s', async (_, answer) => {
    expect(await readClientHints(browserThat(answer).source, hints)).toEqual(toldToAll)
  })

  it.each([
    ['cannot say it', {}],
    [
      'throws instead',
      { toJSON: () => expect.fail('broken'), getHighEntropyValues: () => expect.fail('broken') },
    ],
    [
      'says what is none',
      { toJSON: () => 'broken', getHighEntropyValues: () => Promise.reject(new Error('broken')) },
    ],
  ])('are unknown where an extension has put something in their place that %s', async (_, broken) => {
    const source = broken as Parameters<typeof readClientHints>[0]

    expect([await readClientHints(source), await readClientHints(source, hints)]).toEqual([
      undefined,
      undefined,
    ])
  })

  it('are waited for a moment, and no longer', async () => {
    vi.useFakeTimers()
    const read = readClientHints(browserThat(() => new Promise(() => {})).source, hints)
    await vi.advanceTimersByTimeAsync(500)
    vi.useRealTimers()

    expect(await read).toEqual(toldToAll)
  })

  it.each([[undefined], [hints]])('are unknown in browsers that have none', async (asked) => {
    expect(await readClientHints(undefined, asked)).toBeUndefined()
  })
})
