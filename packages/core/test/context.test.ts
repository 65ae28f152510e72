import { describe, expect, it, vi } from 'vitest'
import type { CoreSegmentEvent } from '../src'
import { ContextCancelation, CoreContext, CoreLogger, CoreStats, NullStats } from '../src'
import { packEvent } from '../src/internal'

class Context extends CoreContext {}
class Stats extends CoreStats {}

const createContext = (fields: Partial<CoreSegmentEvent> = {}) =>
  new Context({ type: 'track', event: 'E', ...fields })

describe('a context', () => {
  it('has an id of its own, or the one it is given, and keeps it', () => {
    const [first, second] = [createContext(), createContext()]
    const given = new Context({ type: 'track' }, 'mine')

    expect(first.id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(first.id).toBe(first.id)
    expect(first.id).not.toBe(second.id)
    expect(given.id).toBe('mine')
  })

  it('is the same as another one with its id', () => {
    const context = createContext()

    expect(context.isSame(context)).toBe(true)
    expect(context.isSame(createContext())).toBe(false)
    expect(new Context({ type: 'track' }, 'a').isSame(new Context({ type: 'page' }, 'a'))).toBe(true)
  })

  it('holds the very event it was made of', () => {
    const event: CoreSegmentEvent = { type: 'track' }

    expect(new Context(event).event).toBe(event)
  })

  it('lets plugins put another event in its place', () => {
    const context = createContext()
    context.event = { type: 'page', name: 'Other' }

    expect(context.event).toEqual({ type: 'page', name: 'Other' })
  })

  it('has been tried by nobody, and has not failed', () => {
    const context = createContext()

    expect([context.attempts, context.failedDelivery()]).toEqual([0, undefined])
  })

  it('keeps why it failed', () => {
    const context = createContext()
    const reason = new Error('[500] Down')
    context.setFailedDelivery({ reason })

    expect(context.failedDelivery()).toEqual({ reason })
  })

  it('leaves it to its subclasses what stands for no event at all', () => {
    expect(CoreContext.system()).toBeUndefined()
  })
})

describe('cancel', () => {
  it('throws a cancelation when it is given nothing', () => {
    expect(() => createContext().cancel()).toThrow(
      expect.objectContaining({ retry: true, type: 'plugin Error', reason: 'Context Cancel' }),
    )
  })

  it.each([
    ['an error', new Error('mine')],
    ['a cancelation', new ContextCancelation({ retry: false, reason: 'mine' })],
  ])('throws %s that it is given, as it is', (_, error) => {
    const thrown: unknown[] = []
    try {
      createContext().cancel(error)
    } catch (reason) {
      thrown.push(reason)
    }

    expect(thrown[0]).toBe(error)
  })
})

describe('logs and metrics', () => {
  it('are collected for each context alone', () => {
    const [one, other] = [createContext(), createContext()]
    one.log('warn', 'first', { a: 1 })

    expect(one.logs()).toEqual([
      { level: 'warn', message: 'first', extras: { a: 1 }, time: expect.any(Date) },
    ])
    expect(other.logs()).toEqual([])
  })

  it('go to the logger and the stats that were given', () => {
    const [stats, logger] = [new Stats(), new CoreLogger()]
    const context = new Context({ type: 'track' }, undefined, stats, logger)
    context.log('debug', 'mine')
    context.stats.increment('sent')

    expect(logger.logs.map(({ message }) => message)).toEqual(['mine'])
    expect(stats.metrics.map(({ metric }) => metric)).toEqual(['sent'])
    expect([context.logger, context.stats]).toEqual([logger, stats])
  })

  it('keep no metrics unless they are asked to', () => {
    const context = createContext()
    context.stats.increment('sent')

    expect(context.stats).toBeInstanceOf(NullStats)
    expect(context.stats.metrics).toEqual([])
  })

  it('are flushed together', () => {
    const [stats, logger] = [new Stats(), new CoreLogger()]
    const flushes: string[] = []
    vi.spyOn(logger, 'flush').mockImplementation(() => void flushes.push('logger'))
    vi.spyOn(stats, 'flush').mockImplementation(() => void flushes.push('stats'))

    new Context({ type: 'track' }, undefined, stats, logger).flush()

    expect(flushes).toEqual(['logger', 'stats'])
  })

  it('are part of the context as JSON', () => {
    const stats = new Stats()
    const context = new Context({ type: 'track', event: 'E' }, 'mine', stats)
    context.log('debug', 'first')
    stats.increment('sent')

    expect(context.toJSON()).toEqual({
      id: 'mine',
      event: { type: 'track', event: 'E' },
      logs: [{ level: 'debug', message: 'first', time: expect.any(Date), extras: undefined }],
      metrics: [{ metric: 'sent', value: 1, type: 'counter', tags: [], timestamp: expect.any(Number) }],
    })
    expect(JSON.parse(JSON.stringify(context))).toMatchObject({ id: 'mine', event: { event: 'E' } })
  })
})

describe('updateEvent', () => {
  it.each<[string, Partial<CoreSegmentEvent>, unknown, object]>([
    ['userId', {}, 'u', { userId: 'u' }],
    ['properties.price', { properties: { sku: 's' } }, 2, { properties: { sku: 's', price: 2 } }],
    ['properties.cart.total', {}, 7, { properties: { cart: { total: 7 } } }],
    ['properties.items.0.sku', {}, 's', { properties: { items: [{ sku: 's' }] } }],
    ['properties.price', { properties: { price: 1 } }, undefined, { properties: { price: undefined } }],
    [
      'integrations.Amplitude.key',
      { integrations: { Amplitude: true } },
      'k',
      { integrations: { Amplitude: { key: 'k' } } },
    ],
    ['integrations.Amplitude', {}, false, { integrations: { Amplitude: false } }],
    [
      'integrations.Mixpanel',
      { integrations: { Amplitude: false } },
      true,
      { integrations: { Amplitude: false, Mixpanel: true } },
    ],
    ['integrations', { integrations: { Amplitude: false } }, {}, { integrations: {} }],
    [
      'properties.integrations.A',
      { integrations: { A: false } },
      1,
      { properties: { integrations: { A: 1 } } },
    ],
  ])('sets %s', (path, fields, value, expected) => {
    const context = createContext(fields)

    expect(context.updateEvent(path, value)).toBe(context.event)
    expect(context.event).toEqual({ type: 'track', event: 'E', ...fields, ...expected })
  })

  it.each(['integrations.Amplitude', 'integrations.Amplitude.key', 'integrations.Amplitude.deep.er'])(
    'leaves an integration alone that is switched off: %s',
    (path) => {
      const context = createContext({ integrations: { Amplitude: false, All: true } })

      expect(context.updateEvent(path, 'mine')).toBe(context.event)
      expect(context.event.integrations).toEqual({ Amplitude: false, All: true })
    },
  )

  it.each([
    '__proto__.polluted',
    'constructor.prototype.polluted',
    'properties.__proto__.polluted',
    'integrations.__proto__.polluted',
  ])('reaches no other objects: %s', (path) => {
    createContext({ properties: {}, integrations: {} }).updateEvent(path, true)

    expect({}).not.toHaveProperty('polluted')
  })
})

describe('given a packed event', () => {
  const packed = (event: CoreSegmentEvent, json = JSON.stringify(event)) => {
    const context = new Context(event)
    context[packEvent](json)
    return context
  }

  it('unpacks it for whoever asks, once, as it was sent, with its date', () => {
    const timestamp = new Date('2026-01-01T00:00:00.000Z')
    const context = packed({
      type: 'track',
      event: 'E',
      timestamp,
      properties: { at: timestamp, none: undefined },
    })

    expect(context.event).toStrictEqual({
      type: 'track',
      event: 'E',
      timestamp,
      properties: { at: '2026-01-01T00:00:00.000Z' },
    })
    expect(context.event).toBe(context.event)
  })

  it('reads no text before somebody asks', () => {
    const parse = vi.spyOn(JSON, 'parse')
    const context = packed({ type: 'track' })
    expect(parse).not.toHaveBeenCalled()

    expect(context.event).toEqual({ type: 'track' })
    expect(parse).toHaveBeenCalledOnce()
    parse.mockRestore()
  })

  it('lets go of the event itself', () => {
    const event: CoreSegmentEvent = { type: 'track' }

    expect(packed(event).event).not.toBe(event)
  })

  it('gives what was packed, which may be more than there was', () => {
    const context = packed(
      { type: 'track', event: 'E' },
      '{"type":"track","event":"E","_metadata":{"jsRuntime":"node"}}',
    )

    expect(context.event).toEqual({ type: 'track', event: 'E', _metadata: { jsRuntime: 'node' } })
  })

  it('leaves a time that is text, or none, as it is', () => {
    expect(packed({ type: 'track', timestamp: '2026-01-01' }).event).toEqual({
      type: 'track',
      timestamp: '2026-01-01',
    })
    expect(packed({ type: 'track' }).event).toEqual({ type: 'track' })
  })

  it('can be updated, replaced, and written as JSON like any other', () => {
    const updated = packed({ type: 'track', event: 'E' })
    updated.updateEvent('properties.price', 1)
    const replaced = packed({ type: 'track', event: 'E' })
    replaced.event = { type: 'page' }

    expect(updated.event).toEqual({ type: 'track', event: 'E', properties: { price: 1 } })
    expect(replaced.event).toEqual({ type: 'page' })
    expect(packed({ type: 'track', event: 'E' }).toJSON().event).toEqual({ type: 'track', event: 'E' })
  })

  it('keeps its id, logs and failure', () => {
    const context = packed({ type: 'track' })
    const { id } = context
    context.log('debug', 'mine')
    context.setFailedDelivery({ reason: 'down' })
    context[packEvent]('{"type":"track"}')

    expect(context.id).toBe(id)
    expect(context.logs().map(({ message }) => message)).toEqual(['mine'])
    expect(context.failedDelivery()).toEqual({ reason: 'down' })
  })
})
