import { describe, expect, it } from 'vitest'
import { attempt, ContextCancelation, ensure } from '../src'
import { answering, createContext, createPlugin, linesOf, metricsOf } from './support/start-queue'

const error = new Error('mine')
const middleware = new ContextCancelation({ type: 'middleware_cancellation' })
const ordinary = new ContextCancelation({ reason: 'mine' })

const rejecting = (reason: unknown) => createPlugin('before', 'p', () => Promise.reject(reason))
const throwing = (reason: unknown) =>
  createPlugin('before', 'p', () => {
    throw reason
  })

describe.each([
  ['attempt', attempt],
  ['ensure', ensure],
])('%s, of a plugin that goes well', (_, call) => {
  it('resolves with the context that the plugin answered', async () => {
    const other = createContext()

    expect(
      await call(
        createContext(),
        createPlugin('before', 'p', () => other),
      ),
    ).toBe(other)
    expect(
      await call(
        createContext(),
        createPlugin('before', 'p', async () => other),
      ),
    ).toBe(other)
    expect(metricsOf(other)).toEqual(['plugin_time plugin:p', 'plugin_time plugin:p'])
  })

  it('resolves with the context it was given when the plugin has no hook for it', async () => {
    const ctx = createContext({ type: 'page' })

    expect(
      await call(
        ctx,
        createPlugin('before', 'p', () => expect.unreachable()),
      ),
    ).toBe(ctx)
    expect(linesOf(ctx)).toEqual(['debug plugin'])
  })
})

describe('attempt', () => {
  it.each([
    ['an error', error],
    ['what is no error', 'mine'],
    ['an ordinary cancelation', ordinary],
  ])('resolves with %s that the plugin threw or rejected with', async (_, reason) => {
    expect(await attempt(createContext(), throwing(reason))).toBe(reason)
    expect(await attempt(createContext(), rejecting(reason))).toBe(reason)
  })

  it('resolves with what was wrong about an answer that is no context', async () => {
    expect(await attempt(createContext(), createPlugin('before', 'p', answering(undefined)))).toEqual(
      new TypeError('plugin p answered undefined, neither a context nor null'),
    )
  })

  it('rejects with a cancelation that stops the whole event', async () => {
    await expect(attempt(createContext(), throwing(middleware))).rejects.toBe(middleware)
    await expect(attempt(createContext(), rejecting(middleware))).rejects.toBe(middleware)
  })

  it('notes a failure in the log and the metrics, a cancelation in the log', async () => {
    const [failed, cancelled] = [createContext(), createContext()]
    await attempt(failed, throwing(error))
    await attempt(cancelled, throwing(ordinary))

    expect(linesOf(failed)).toEqual(['debug plugin', 'error plugin Error'])
    expect(metricsOf(failed)).toEqual(['plugin_error plugin:p'])
    expect(cancelled.logs()[1]).toMatchObject({
      level: 'warn',
      message: 'plugin Error',
      extras: { plugin: 'p', error: ordinary },
    })
    expect(metricsOf(cancelled)).toEqual([])
  })
})

describe('ensure', () => {
  it.each([
    ['an error', error],
    ['what is no error', 'mine'],
    ['a cancelation', ordinary],
    ['a cancelation of the whole event', middleware],
  ])('rejects with %s that the plugin threw or rejected with', async (_, reason) => {
    await expect(ensure(createContext(), throwing(reason))).rejects.toBe(reason)
    await expect(ensure(createContext(), rejecting(reason))).rejects.toBe(reason)
  })

  it('rejects with a cancelation when the plugin answers null', async () => {
    await expect(
      ensure(
        createContext(),
        createPlugin('before', 'p', () => null),
      ),
    ).rejects.toMatchObject({
      retry: false,
      reason: 'Dropped by p',
    })
  })

  it('notes that the event goes no further', async () => {
    const ctx = createContext()
    await expect(ensure(ctx, throwing(error))).rejects.toBe(error)

    expect(linesOf(ctx)).toEqual(['debug plugin', 'error plugin Error', 'debug Context canceled'])
    expect(metricsOf(ctx)).toEqual(['plugin_error plugin:p', 'context_canceled'])
  })
})
