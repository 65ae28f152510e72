import { beforeAll, describe, expect, it, vi } from 'vitest'
import { envelope, recordEvents } from '../src/event-log'
import { fields, text } from '../src/fields'
import { type Fields, type Method, methods, type NodeLibrary } from '../src/library'
import { createScriptedClient } from '../src/scripted-client'
import { outcomeOf, startClient } from '../src/start-client'
import { nodeSubjects } from '../src/subjects'
import { inVirtualTime } from '../src/virtual-time'

const event = { userId: 'u', event: 'E' }
const calls: Record<Method, Fields> = {
  track: event,
  identify: { userId: 'u' },
  page: { userId: 'u' },
  screen: { userId: 'u' },
  group: { userId: 'u', groupId: 'g' },
  alias: { userId: 'u', previousId: 'p' },
}

describe.each(nodeSubjects)('what $name emits', (subject) => {
  let library: NodeLibrary
  beforeAll(async () => {
    library = await subject.load()
  })

  it.each(methods)('tells of the way of one %s call in order', async (method) => {
    const analytics = new library.Analytics({ writeKey: 'k', flushAt: 1, httpClient: createScriptedClient() })
    const log = recordEvents(analytics)

    analytics[method](calls[method], () => log.all.push({ name: 'callback', args: [] }))
    const inTheCall = log.names()
    await log.seen('drained')

    expect(inTheCall).toEqual(['dispatch_start'])
    expect(log.names()).toEqual([
      'dispatch_start',
      'register',
      'http_request',
      'http_response',
      'callback',
      method,
      'drained',
    ])
  })

  it('tells of a failure with one error for each event, then drained', async () => {
    const { analytics, log } = await startClient(subject, { replies: [404], settings: { flushAt: 2 } })

    analytics.track(event)
    analytics.track(event)
    await log.seen('drained')

    expect(log.names().slice(-3)).toEqual(['error', 'error', 'drained'])
    expect(log.errors()).toHaveLength(2)
    for (const error of log.errors()) {
      expect(Object.keys(error).sort()).toEqual(['code', 'ctx', 'reason'])
      expect(error.code).toBe('delivery_failure')
      expect(error.reason).toEqual(new Error('[404] Text 404'))
      expect(error.ctx).toBeInstanceOf(library.Context)
      expect(envelope(error.ctx).failedDelivery()).toEqual({ reason: error.reason })
    }
    expect(log.errors()[0]?.reason).toBe(log.errors()[1]?.reason)
  })

  it('hands a context to dispatch_start, the method event and the callback, and it is one and the same', async () => {
    const { analytics, log } = await startClient(subject)

    const { args, ctx } = await outcomeOf((callback) =>
      analytics.track({ ...event, messageId: 'm' }, callback),
    )
    await log.seen('track')

    expect(args).toHaveLength(2)
    expect(args[0]).toBeUndefined()
    expect(ctx).toBeInstanceOf(library.Context)
    expect(envelope(ctx).event).toMatchObject({ type: 'track', event: 'E', userId: 'u', messageId: 'm' })
    expect(log.of('dispatch_start')[0]).toBe(ctx)
    expect(log.of('track')[0]).toBe(ctx)
  })

  it('hands the reason and the context to the callback of a failed event', async () => {
    const { analytics, log } = await startClient(subject, { replies: [{ status: 400, statusText: 'Bad' }] })

    const { args, err, ctx } = await outcomeOf((callback) => analytics.track(event, callback))
    await log.seen('error')

    expect(args).toHaveLength(2)
    expect(err).toBeInstanceOf(Error)
    expect(fields(err).message).toBe('[400] Bad')
    expect(envelope(ctx).failedDelivery()?.reason).toBe(err)
    expect(log.errors()[0]?.reason).toBe(err)
  })

  it('shows each request and each answer', async () => {
    const answer = { status: 201, statusText: 'Made', headers: { 'X-Number': 7, LOUD: 'yes' } }
    const { analytics, http, log } = await startClient(subject, { replies: [answer] })

    analytics.track(event)
    await log.seen('http_response')

    const request = fields(log.of('http_request')[0])
    expect(Object.keys(request).sort()).toEqual(['body', 'headers', 'method', 'url'])
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://api.segment.io/v1/batch',
      body: http.requests[0]?.body,
    })
    const response = fields(log.of('http_response')[0])
    expect(response).toMatchObject({
      status: 201,
      statusText: 'Made',
      url: 'https://api.segment.io/v1/batch',
      body: http.requests[0]?.body,
      headers: { 'x-number': '7', loud: 'yes' },
    })
  })

  it.each([
    { title: 'a Headers object', headers: new Headers({ 'X-A': '1' }), seen: { 'x-a': '1' } },
    { title: 'a map', headers: new Map([['X-A', 1]]), seen: { 'x-a': '1' } },
    { title: 'nothing', headers: undefined, seen: {} },
  ])('reads the headers of an answer from $title', async ({ headers, seen }) => {
    const { analytics, log } = await startClient(subject, { replies: [{ status: 200, headers }] })

    analytics.track(event)
    await log.seen('http_response')

    expect(fields(log.of('http_response')[0]).headers).toEqual(seen)
  })

  it('emits register with the name of its own destination when it is ready', async () => {
    const { analytics, log } = await startClient(subject)

    expect(await analytics.ready).toBeUndefined()

    expect(log.all).toEqual([{ name: 'register', args: [['Segment.io']] }])
  })

  it('emits drained once for a batch, and again for the next', async () => {
    const { analytics, log } = await startClient(subject, { settings: { flushAt: 3 } })

    for (let i = 0; i < 3; i += 1) analytics.track(event)
    await log.seen('drained')
    const first = log.of('drained').length
    for (let i = 0; i < 3; i += 1) analytics.track(event)
    await log.seen('drained', 2)

    expect(first).toBe(1)
    expect(log.of('track')).toHaveLength(6)
    expect(log.all.filter((entry) => entry.name === 'drained').map((entry) => entry.args)).toEqual([[], []])
  })

  it('emits call_after_close in the call, with the plain event, and never calls back', async () => {
    const { analytics, http, log } = await startClient(subject)
    await analytics.closeAndFlush()
    log.clear()
    const callback = vi.fn()

    const result = analytics.track({ ...event, messageId: 'm', context: { a: 1 } }, callback)

    expect(result).toBeUndefined()
    expect(log.names()).toEqual(['call_after_close'])
    const late = fields(log.of('call_after_close')[0])
    expect(late).toEqual({
      timestamp: expect.any(Date),
      integrations: {},
      event: 'E',
      type: 'track',
      properties: {},
      context: { a: 1 },
      userId: 'u',
      messageId: 'm',
    })
    await analytics.flush()
    expect(callback).not.toHaveBeenCalled()
    expect(http.requests).toHaveLength(0)
  })

  it.each(methods)('emits call_after_close for %s', async (method) => {
    const { analytics, log } = await startClient(subject)
    await analytics.closeAndFlush()

    analytics[method](calls[method])

    expect(fields(log.of('call_after_close')[0]).type).toBe(method)
  })

  it('waits for the promise of a callback before it tells of the event', async () => {
    const { analytics, log } = await startClient(subject)

    analytics.track(event, async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      log.all.push({ name: 'callback done', args: [] })
    })
    await log.seen('drained')

    expect(log.names().slice(-3)).toEqual(['callback done', 'track', 'drained'])
  })

  it.each([
    {
      title: 'throws',
      callback: () => {
        throw new Error('mine')
      },
    },
    { title: 'rejects', callback: () => Promise.reject(new Error('mine')) },
  ])(
    'counts an event as delivered when its callback $title, and notes it in the logs',
    async ({ callback }) => {
      const { analytics, log } = await startClient(subject)

      analytics.track(event, callback)
      await log.seen('drained')

      expect(log.names().slice(-2)).toEqual(['track', 'drained'])
      expect(log.errors()).toEqual([])
      const lines = envelope(log.of('track')[0]).logs()
      expect(lines).toContainEqual({
        level: 'warn',
        message: 'Callback Error',
        time: expect.any(Date),
        extras: { error: new Error('mine') },
      })
    },
  )

  it('reports a listener that throws as an unknown error, without a context, and goes on', async () => {
    const { analytics, http, log } = await startClient(subject)
    const error = new Error('mine')
    analytics.on('track', () => {
      throw error
    })

    const { err } = await outcomeOf((callback) => analytics.track(event, callback))
    await log.seen('drained')

    expect(err).toBeUndefined()
    expect(http.requests).toHaveLength(1)
    expect(log.errors()).toEqual([{ code: 'unknown', reason: error }])
    expect(log.names().slice(-3)).toEqual(['track', 'error', 'drained'])
  })

  it('waits for a callback no longer than a second', async () => {
    const { analytics, log } = await startClient(subject)
    await analytics.ready
    await inVirtualTime(async (time) => {
      analytics.track(event, () => new Promise(() => {}))
      await time.pass(990)
      const early = log.of('track').length
      await time.pass(400)

      expect(early).toBe(0)
      expect(log.names().slice(-2)).toEqual(['track', 'drained'])
      expect(envelope(log.of('track')[0]).logs()).toContainEqual({
        level: 'warn',
        message: 'Callback Error',
        time: expect.anything(),
        extras: { error: expect.any(Error) },
      })
    })
  })

  it('may be a subclass', async () => {
    const made: unknown[] = []
    class Mine extends library.Analytics {
      override track(params: Fields) {
        made.push(params.event)
        return super.track(params)
      }
    }
    const http = createScriptedClient()
    const analytics = new Mine({ writeKey: 'k', flushAt: 1, httpClient: http })

    analytics.track(event)
    await analytics.flush()

    expect(analytics).toBeInstanceOf(library.Analytics)
    expect(made).toEqual(['E'])
    expect(http.events()).toHaveLength(1)
  })

  it('leaves no trace when nobody listens to errors', async () => {
    const { Analytics } = library
    const http = { makeRequest: async () => ({ status: 400, statusText: 'x' }) }
    const analytics = new Analytics({ writeKey: 'k', flushAt: 1, httpClient: http })

    const { err } = await outcomeOf((callback) => analytics.track(event, callback))
    await analytics.flush()

    expect(fields(err).message).toBe('[400] x')
  })

  it('writes the known lines into the logs of a delivered event', async () => {
    const { analytics, log } = await startClient(subject)

    analytics.track(event)
    await log.seen('track')

    const lines = envelope(log.of('track')[0]).logs()
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'debug Dispatching',
      'debug plugin',
      'debug Delivered',
    ])
    expect(lines[1]?.extras).toEqual({ plugin: 'Segment.io' })
    expect(envelope(log.of('track')[0]).attempts).toBe(1)
  })

  it('writes the known lines into the logs of a failed event', async () => {
    const { analytics, log } = await startClient(subject, { replies: [404] })

    analytics.track(event)
    await log.seen('error')

    const lines = envelope(log.errors()[0]?.ctx).logs()
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'debug Dispatching',
      'debug plugin',
      'error Failed to deliver',
    ])
    expect(lines[2]?.extras).toEqual(new Error('[404] Text 404'))
  })

  it('offers chainable listeners, and methods that work on their own', async () => {
    const { analytics, http, log } = await startClient(subject)
    const listener = vi.fn()

    expect(analytics.on('track', listener)).toBe(analytics)
    expect(analytics.once('track', listener)).toBe(analytics)
    expect(analytics.off('page', listener)).toBe(analytics)
    expect(analytics.emit('register', ['x'])).toBe(analytics)
    const { track, identify, page, screen, group, alias, flush, closeAndFlush, register, deregister } =
      analytics
    track(calls.track)
    identify(calls.identify)
    page(calls.page)
    screen(calls.screen)
    group(calls.group)
    alias(calls.alias)
    await register()
    await deregister('nobody')
    await flush()
    await closeAndFlush()

    expect(http.events()).toHaveLength(6)
    expect(listener).toHaveBeenCalledTimes(2)
    expect(log.of('deregister')).toEqual([['nobody']])
  })

  it('warns once when an event has more listeners than allowed', async () => {
    const { analytics } = await startClient(subject)
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})

    for (let i = 0; i < 14; i += 1) analytics.on('http_request', () => {})
    const said = warn.mock.calls.map((args) => args.join(' '))
    warn.mockRestore()

    expect(said).toHaveLength(1)
    expect(text(said[0])).toContain('http_request')
  })

  describe('given a disabled client', () => {
    it('makes no request and says that all is delivered', async () => {
      const { analytics, http, log } = await startClient(subject, { settings: { disable: true } })
      await analytics.ready
      log.clear()

      const { err, ctx } = await outcomeOf((callback) => analytics.track(event, callback))
      await log.seen('drained')

      expect(err).toBeUndefined()
      expect(ctx).toBeInstanceOf(library.Context)
      expect(http.requests).toEqual([])
      expect(log.names()).toEqual(['dispatch_start', 'track', 'drained'])
    })
  })
})
