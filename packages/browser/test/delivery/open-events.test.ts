import { createFakeClock, createScriptedTransport, settled } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import { createOpenEvents } from '../../src/delivery/open-events'

function start(...replies: Parameters<typeof createScriptedTransport>) {
  const clock = createFakeClock()
  const heard: boolean[] = []
  let troubles = 0
  const openEvents = createOpenEvents({
    network: { isOnline: () => true, answered() {}, failed() {} },
    clock,
    troubled() {
      troubles++
    },
  })
  const transport = openEvents.watch(createScriptedTransport(...replies), ({ status }) => status >= 500)
  return {
    clock,
    heard,
    troubles: () => troubles,
    ask: (time: number) => openEvents.whenAnswered(time, (isWell) => heard.push(isWell)),
    async exchange() {
      const exchange = transport.exchange({ body: '{}', path: '/t', retryCount: 0, isLeaving: false })
      await settled()
      return exchange
    },
  }
}

describe('whoever asks how the server is', () => {
  it.each([
    [200, true],
    [503, false],
    ['reset', false],
  ] as const)('hears so with the next answer: %s', async (reply, isWell) => {
    const { ask, exchange, heard, clock } = start(reply)
    ask(clock.now())
    await exchange()

    expect(heard).toEqual([isWell])
  })

  it('hears so at once where there was an answer since then', async () => {
    const { ask, exchange, heard, clock } = start(200)
    const time = clock.now()
    await clock.advance(10)
    await exchange()
    ask(time)

    expect(heard).toEqual([true])
  })

  it('hears nothing of what was before', async () => {
    const { ask, exchange, heard, clock } = start(200, 503)
    await exchange()
    await clock.advance(10)
    ask(clock.now())
    expect(heard).toEqual([])
    await exchange()

    expect(heard).toEqual([false])
  })
})

describe('a request', () => {
  it.each([
    [200, 0],
    [400, 0],
    [503, 1],
    ['reset', 1],
  ] as const)('that ends with %s is told as trouble %i times', async (reply, times) => {
    const { exchange, troubles } = start(reply)
    await exchange()

    expect(troubles()).toBe(times)
  })

  it('that is given up is no trouble', async () => {
    const { exchange, troubles } = start('hang')
    const made = await exchange()
    made?.abort()
    await settled()

    expect(troubles()).toBe(0)
  })
})
