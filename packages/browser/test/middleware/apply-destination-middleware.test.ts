import { afterEach, describe, expect, it, vi } from 'vitest'
import { Context, type DestinationMiddlewareFunction, type SegmentEvent } from '../../src'
import { applyDestinationMiddleware } from '../../src/middleware/apply-destination-middleware'

afterEach(() => vi.restoreAllMocks())

const orderCompleted = (): SegmentEvent => ({
  type: 'track',
  event: 'Order Completed',
  messageId: 'm1',
  properties: { total: 9.5, products: [{ sku: 'a' }] },
  timestamp: new Date(0),
})

async function apply(...middlewares: DestinationMiddlewareFunction[]) {
  const ctx = new Context(orderCompleted())
  const own = await applyDestinationMiddleware(ctx, 'Web', middlewares)
  return { ctx, own }
}

describe('what a destination gets', () => {
  it('is a copy at every depth, also without middleware', async () => {
    const { ctx, own } = await apply()
    Object.assign(own?.event.properties?.products[0], { sku: 'changed' })

    expect(own).toBeInstanceOf(Context)
    expect(ctx.event).toEqual(orderCompleted())
  })

  it('belongs to the same event', async () => {
    const { ctx, own } = await apply(({ payload, next }) => next(payload))

    expect(own?.isSame(ctx)).toBe(true)
    expect(own?.event).toEqual(orderCompleted())
  })

  it('is as it was at the call, whatever others change meanwhile', async () => {
    const ctx = new Context(orderCompleted())
    const applied = applyDestinationMiddleware(ctx, 'Web', [])
    ctx.updateEvent('properties.total', 0)

    expect((await applied)?.event).toEqual(orderCompleted())
  })
})

describe('destination middleware', () => {
  it('changes what its destination gets, and nothing else', async () => {
    const { ctx, own } = await apply(({ payload, integration, next }) => {
      payload.obj.properties = { seenFor: integration }
      next(payload)
    })

    expect(own?.event.properties).toEqual({ seenFor: 'Web' })
    expect(ctx.event).toEqual(orderCompleted())
  })

  it('runs in its order, each with what the one before it let go', async () => {
    const append =
      (text: string): DestinationMiddlewareFunction =>
      async ({ payload, next }) => {
        await Promise.resolve()
        next({ ...payload, obj: { ...payload.obj, event: payload.obj.event + text } })
      }
    const { own } = await apply(append(' 1'), append(' 2'))

    expect(own?.event.event).toBe('Order Completed 1 2')
  })

  it.each<[string, DestinationMiddlewareFunction]>([
    ['calls next with null', ({ next }) => next(null)],
    ['never calls next', () => {}],
    ['never calls next, and waits', async () => {}],
    ['calls next without a payload', ({ next }) => (next as () => void)()],
    [
      'calls next with null and goes on',
      ({ payload, next }) => {
        next(null)
        next(payload)
      },
    ],
    [
      'changes its mind and drops',
      ({ payload, next }) => {
        next(payload)
        next(null)
      },
    ],
  ])('drops the event when it %s, and no other sees it', async (_, middleware) => {
    const later = vi.fn()
    const { ctx, own } = await apply(middleware, later)

    expect(own).toBeUndefined()
    expect(later).not.toHaveBeenCalled()
    expect(ctx.logs().map(({ message }) => message)).toEqual(['Dropped by destination middleware'])
  })

  it('that throws keeps the event from its destination, with its own error', async () => {
    const throwing = () => {
      throw new Error('mine')
    }

    await expect(apply(throwing)).rejects.toThrow('mine')
    await expect(apply(async () => throwing())).rejects.toThrow('mine')
  })

  it('that hands on no payload is told so', async () => {
    await expect(apply(({ payload, next }) => next(payload.obj as never))).rejects.toThrow(
      'next() takes the payload',
    )
  })

  it('that calls next too late is told so, once', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const late: Parameters<DestinationMiddlewareFunction>[0]['next'][] = []
    const middleware: DestinationMiddlewareFunction = ({ next }) => void late.push(next)
    const { own } = await apply(middleware)
    await apply(middleware)
    const payload = { obj: orderCompleted() } as never
    for (const next of late) next(payload)

    expect(own).toBeUndefined()
    expect(warn).toHaveBeenCalledTimes(1)
    expect(warn.mock.calls[0]?.[0]).toContain('next()')
  })
})
