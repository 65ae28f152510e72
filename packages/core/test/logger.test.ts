import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LogLevel } from '../src'
import { CoreLogger } from '../src'

const now = new Date('2026-01-01T00:00:00.000Z')

beforeEach(() => void vi.useFakeTimers({ now }))
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A console that notes what it is told. */
function watchConsole({ hasTables = true } = {}) {
  const printed: unknown[][] = []
  const note =
    (method: string) =>
    (...args: unknown[]) => {
      printed.push([method, ...args])
    }
  const methods = hasTables ? ['log', 'warn', 'error', 'table'] : ['log', 'warn', 'error']
  vi.stubGlobal('console', Object.fromEntries(methods.map((method) => [method, note(method)])))
  return printed
}

it('keeps what was said, the oldest first, with its time', () => {
  const logger = new CoreLogger()
  logger.log('debug', 'first')
  vi.advanceTimersByTime(5)
  logger.log('error', 'second', { plugin: 'P' })

  expect(logger.logs).toEqual([
    { level: 'debug', message: 'first', time: now, extras: undefined },
    { level: 'error', message: 'second', time: new Date(now.getTime() + 5), extras: { plugin: 'P' } },
  ])
})

it('makes costly extras only when somebody reads them', () => {
  const logger = new CoreLogger()
  const extras = vi.fn(() => ({ big: true }))
  logger.log('debug', 'first', extras)
  expect(extras).not.toHaveBeenCalled()

  expect(logger.logs[0]?.extras).toEqual({ big: true })
})

describe('flush', () => {
  it('prints nothing when nothing was said', () => {
    const printed = watchConsole()
    new CoreLogger().flush()

    expect(printed).toEqual([])
  })

  it.each<[LogLevel, string]>([
    ['debug', 'log'],
    ['info', 'log'],
    ['warn', 'warn'],
    ['error', 'error'],
  ])('prints a single line of level %s with console.%s', (level, method) => {
    const printed = watchConsole()
    const logger = new CoreLogger()
    logger.log(level, 'only', { a: 1 })
    logger.flush()

    expect(printed).toEqual([[method, 'only', { a: 1 }]])
  })

  it('prints several lines as a table by time, none of them lost', () => {
    const printed = watchConsole()
    vi.spyOn(Math, 'random').mockReturnValue(0.25)
    const logger = new CoreLogger()
    logger.log('debug', 'first', { a: 1 })
    logger.log('debug', 'second')
    logger.flush()

    expect(printed).toEqual([
      [
        'table',
        {
          '2026-01-01T00:00:00.000Z': {
            level: 'debug',
            message: 'first',
            time: now,
            extras: { a: 1 },
            json: '{\n "a": 1\n}',
          },
          '2026-01-01T00:00:00.000Z-0.25': {
            level: 'debug',
            message: 'second',
            time: now,
            extras: undefined,
            json: undefined,
          },
        },
      ],
    ])
  })

  it('prints the same rows on a console that has no tables', () => {
    const printed = watchConsole({ hasTables: false })
    const logger = new CoreLogger()
    logger.log('debug', 'first')
    logger.log('debug', 'second')
    logger.flush()

    expect(printed).toEqual([
      ['log', expect.objectContaining({ '2026-01-01T00:00:00.000Z': expect.anything() })],
    ])
  })

  it('prints extras that cannot be written as JSON, such as errors that hold a socket', () => {
    const printed = watchConsole()
    const cyclic: Record<string, unknown> = {}
    cyclic.self = cyclic
    const logger = new CoreLogger()
    logger.log('error', 'first', { cyclic })
    logger.log('error', 'second', { big: 1n })
    logger.flush()

    const [[, rows] = []] = printed
    expect(Object.values(rows as object)).toEqual([
      { level: 'error', message: 'first', time: now, extras: { cyclic }, json: undefined },
      { level: 'error', message: 'second', time: now, extras: { big: 1n }, json: undefined },
    ])
  })

  it('forgets what was printed', () => {
    watchConsole()
    const logger = new CoreLogger()
    logger.log('debug', 'first')
    logger.flush()

    expect(logger.logs).toEqual([])
  })
})
