import type { FakeClock } from '../src'
import { clockContract, createFakeClock, createScriptedTransport, transportContract } from '../src'

clockContract('the fake clock', createFakeClock, (ms, clock) => (clock as FakeClock).advance(ms))

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
