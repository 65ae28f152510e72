import type { FakeClock } from '../src'
import { clockContract, createFakeClock, createScriptedTransport, transportContract } from '../src'

clockContract(
  'the fake clock',
  createFakeClock,
  (ms, clock) => (clock as FakeClock).advance(ms),
  (ms, clock) => {
    const fake = clock as FakeClock
    fake.setDate(ms)
    return () => fake.setDate(Date.UTC(2026, 0, 1))
  },
)

transportContract('the scripted transport', async () => {
  const received: { body: string }[] = []
  let transport = createScriptedTransport()
  return {
    transport: {
      exchange(request) {
        received.push(request)
        return transport.exchange(request)
      },
    },
    server: {
      received,
      reply(reply) {
        const headers = typeof reply === 'object' ? lowerCase(reply.headers) : {}
        transport = createScriptedTransport(typeof reply === 'object' ? { ...reply, headers } : reply)
      },
    },
    close: async () => {},
  }
})

const lowerCase = (headers: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
