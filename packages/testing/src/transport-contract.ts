import type { Exchange, Transport, TransportRequest } from '@sluice/core/internal'
import { describe, expect, it } from 'vitest'

/** A server for the contract: what it was sent, and how it is to answer. */
export interface ContractServer {
  readonly received: { body: string }[]
  reply(reply: { status: number; headers?: Record<string, string> } | 'hang' | 'reset'): void
}

/** What every `Transport` must do. */
export function transportContract(
  name: string,
  create: () => Promise<{ transport: Transport; server: ContractServer; close(): Promise<void> }>,
): void {
  const request: TransportRequest = { body: '{"batch":[]}', path: '', retryCount: 0, isLeaving: false }

  const begin = (transport: Transport): Exchange => {
    const exchange = transport.exchange(request)
    if (!exchange) throw new Error('Only a request made on leaving may be refused')
    return exchange
  }

  describe(`${name} as a transport`, () => {
    const withTransport = async (run: (transport: Transport, server: ContractServer) => Promise<void>) => {
      const { transport, server, close } = await create()
      try {
        await run(transport, server)
      } finally {
        await close()
      }
    }

    it('carries the body as it is, and the status and headers back', () =>
      withTransport(async (transport, server) => {
        server.reply({ status: 429, headers: { 'Retry-After': '7' } })
        const answer = await begin(transport).answer

        expect(server.received.map(({ body }) => body)).toEqual([request.body])
        expect(answer.status).toBe(429)
        expect(answer.header('retry-after')).toBe('7')
        expect(answer.header('x-missing')).toBeUndefined()
      }))

    it('rejects when the connection breaks', () =>
      withTransport(async (transport, server) => {
        server.reply('reset')

        await expect(Promise.resolve(begin(transport).answer)).rejects.toBeInstanceOf(Error)
      }))

    it('rejects when it is aborted, and does not mind being aborted again', () =>
      withTransport(async (transport, server) => {
        server.reply('hang')
        const exchange = begin(transport)
        const answer = Promise.resolve(exchange.answer)
        exchange.abort()
        exchange.abort()

        await expect(answer).rejects.toBeInstanceOf(Error)
      }))
  })
}
