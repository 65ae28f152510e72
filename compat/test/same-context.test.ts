import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { CoreLibrary, Envelope, Fields, NodeLibrary } from '../src/library'
import { coreSubjects, nodeSubjects } from '../src/subjects'

describe.each(nodeSubjects)('the context of $name', (subject) => {
  let library: NodeLibrary
  beforeAll(async () => {
    library = await subject.load()
  })
  const create = (event: Fields = { type: 'track', event: 'E' }, id?: string): Envelope =>
    new library.Context(event, id)

  it('starts with the event, an id, no attempts, no logs and no failure', () => {
    const event = { type: 'track', event: 'E' }
    const ctx = create(event)

    expect(ctx.event).toBe(event)
    expect(ctx.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(ctx.attempts).toBe(0)
    expect(ctx.logs()).toEqual([])
    expect(ctx.failedDelivery()).toBeUndefined()
    expect(create({}, 'mine').id).toBe('mine')
  })

  it('is the same as another with its id', () => {
    expect(create({}, 'a').isSame(create({ type: 'page' }, 'a'))).toBe(true)
    expect(create({}, 'a').isSame(create({}, 'b'))).toBe(false)
    expect(create().isSame(create())).toBe(false)
  })

  it('makes a context for the library itself', () => {
    const ctx = library.Context.system()

    expect(ctx).toBeInstanceOf(library.Context)
    expect(ctx.event).toEqual({ type: 'track', event: 'system' })
  })

  it('keeps logs with their time', () => {
    const ctx = create()

    ctx.log('debug', 'first')
    ctx.log('error', 'second', { a: 1 })

    expect(ctx.logs()).toEqual([
      { level: 'debug', message: 'first', time: expect.any(Date), extras: undefined },
      { level: 'error', message: 'second', time: expect.any(Date), extras: { a: 1 } },
    ])
    expect(ctx.logs()).toEqual(ctx.logger.logs)
  })

  it('keeps a failure', () => {
    const ctx = create()
    const failure = { reason: new Error('mine') }

    ctx.setFailedDelivery(failure)

    expect(ctx.failedDelivery()).toEqual(failure)
  })

  it('serialises to its id, event, logs and metrics', () => {
    const ctx = create({ type: 'track', event: 'E' }, 'mine')
    ctx.log('info', 'line')

    const json = ctx.toJSON()

    expect(Object.keys(json)).toEqual(['id', 'event', 'logs', 'metrics'])
    expect(json.id).toBe('mine')
    expect(json.event).toBe(ctx.event)
    expect(json.logs).toEqual(ctx.logs())
    expect(json.metrics).toEqual([])
  })

  it('throws what cancel is given', () => {
    const error = new Error('mine')

    expect(() => create().cancel(error)).toThrow(error)
  })

  it.each<{ event: Fields; path: string; value: unknown; becomes: Fields }>([
    { event: {}, path: 'a', value: 1, becomes: { a: 1 } },
    { event: {}, path: 'a.b.c', value: 1, becomes: { a: { b: { c: 1 } } } },
    { event: { a: { x: 1 } }, path: 'a.b', value: null, becomes: { a: { x: 1, b: null } } },
    { event: {}, path: 'a.0.b', value: 1, becomes: { a: [{ b: 1 }] } },
    { event: { a: [1, 2] }, path: 'a.1', value: 3, becomes: { a: [1, 3] } },
    { event: { a: 'text' }, path: 'a.b', value: 1, becomes: { a: { b: 1 } } },
    { event: {}, path: 'a.__proto__.b', value: 1, becomes: { a: {} } },
    { event: {}, path: '__proto__.b', value: 1, becomes: {} },
    { event: {}, path: 'constructor.prototype.b', value: 1, becomes: {} },
    { event: {}, path: 'integrations.A', value: true, becomes: { integrations: { A: true } } },
    {
      event: { integrations: { A: true } },
      path: 'integrations.A',
      value: { b: 1 },
      becomes: { integrations: { A: { b: 1 } } },
    },
    {
      event: { integrations: { A: false } },
      path: 'integrations.A',
      value: true,
      becomes: { integrations: { A: false } },
    },
    {
      event: { integrations: { A: false } },
      path: 'integrations.A.b',
      value: 1,
      becomes: { integrations: { A: false } },
    },
    {
      event: { integrations: { A: false } },
      path: 'integrations.B',
      value: 1,
      becomes: { integrations: { A: false, B: 1 } },
    },
  ])('sets $path of $event to $value', ({ event, path, value, becomes }) => {
    const ctx = create(structuredClone(event))

    const returned = ctx.updateEvent(path, value)

    expect(returned).toBe(ctx.event)
    expect(ctx.event).toEqual(becomes)
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it('prints its logs and forgets them when flushed', () => {
    const ctx = create()
    const table = vi.spyOn(console, 'table').mockImplementation(() => {})
    ctx.log('info', 'one')
    ctx.log('info', 'two')

    ctx.flush()
    const printed = table.mock.calls.length
    table.mockRestore()

    expect(printed).toBe(1)
    expect(ctx.logs()).toEqual([])
  })
})

describe.each(coreSubjects)('cancelling in $name', (subject) => {
  let core: CoreLibrary
  beforeAll(async () => {
    core = await subject.load()
  })

  it('throws a cancelation, which is no error, when cancel is given nothing', () => {
    class Mine extends core.CoreContext {}
    const ctx = new Mine({ type: 'track' })

    let thrown: unknown
    try {
      ctx.cancel()
    } catch (error) {
      thrown = error
    }

    expect(thrown).toBeInstanceOf(core.ContextCancelation)
    expect(thrown).not.toBeInstanceOf(Error)
    expect({ ...(thrown as object) }).toEqual({ retry: true, type: 'plugin Error', reason: 'Context Cancel' })
  })

  it.each([
    { options: {}, becomes: { retry: true, type: 'plugin Error', reason: '' } },
    {
      options: { retry: false, type: 'middleware_cancellation', reason: 'r' },
      becomes: { retry: false, type: 'middleware_cancellation', reason: 'r' },
    },
  ])('fills $options up to $becomes', ({ options, becomes }) => {
    expect({ ...new core.ContextCancelation(options) }).toEqual(becomes)
  })

  it('is the class behind the context of the Node library', async () => {
    const node = nodeSubjects.find(({ name }) => name === subject.name)
    const { Context } = await (node ?? expect.unreachable()).load()

    expect(new Context({ type: 'track' })).toBeInstanceOf(core.CoreContext)
  })
})
