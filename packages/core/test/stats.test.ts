import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CoreStats, NullStats } from '../src'

class Stats extends CoreStats {}

const now = Date.UTC(2026, 0, 1)

beforeEach(() => void vi.useFakeTimers({ now }))
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

function fill(stats: CoreStats): void {
  stats.increment('sent')
  stats.increment('sent', 3, ['plugin:P'])
  stats.gauge('took', 0.5)
  stats.gauge('took', 7, ['plugin:P', 'slow'])
}

it('collects counters and gauges, in order, with their tags and the time', () => {
  const stats = new Stats()
  fill(stats)

  expect(stats.metrics).toEqual([
    { metric: 'sent', value: 1, type: 'counter', tags: [], timestamp: now },
    { metric: 'sent', value: 3, type: 'counter', tags: ['plugin:P'], timestamp: now },
    { metric: 'took', value: 0.5, type: 'gauge', tags: [], timestamp: now },
    { metric: 'took', value: 7, type: 'gauge', tags: ['plugin:P', 'slow'], timestamp: now },
  ])
})

it('gives its metrics in the compact form', () => {
  const stats = new Stats()
  fill(stats)

  expect(stats.serialize()).toEqual([
    { m: 'sent', v: 1, k: 'c', t: [], e: now },
    { m: 'sent', v: 3, k: 'c', t: ['plugin:P'], e: now },
    { m: 'took', v: 0.5, k: 'g', t: [], e: now },
    { m: 'took', v: 7, k: 'g', t: ['plugin:P', 'slow'], e: now },
  ])
})

describe('flush', () => {
  it('prints the metrics as a table, tags as text, and forgets them', () => {
    const table = vi.spyOn(console, 'table').mockImplementation(() => {})
    const stats = new Stats()
    stats.gauge('took', 7, ['a', 'b'])

    stats.flush()

    expect(table.mock.calls).toEqual([
      [[{ metric: 'took', value: 7, type: 'gauge', tags: 'a,b', timestamp: now }]],
    ])
    expect(stats.metrics).toEqual([])
  })

  it('prints a list on a console that has no tables', () => {
    const log = vi.fn()
    vi.stubGlobal('console', { log })
    const stats = new Stats()
    stats.increment('sent')

    stats.flush()

    expect(log.mock.calls).toEqual([
      [[{ metric: 'sent', value: 1, type: 'counter', tags: '', timestamp: now }]],
    ])
  })
})

it('NullStats collects nothing and prints nothing', () => {
  const table = vi.spyOn(console, 'table').mockImplementation(() => {})
  const stats = new NullStats()
  fill(stats)
  stats.flush()

  expect([stats.metrics, stats.serialize()]).toEqual([[], []])
  expect(table).not.toHaveBeenCalled()
})
