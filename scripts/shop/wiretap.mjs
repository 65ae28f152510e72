/** Stands between the shop and the Tracking API, changes nothing, and tells of every request: also of those that fail. */
import { createServer, request as sendRequest } from 'node:http'
import { buffer } from 'node:stream/consumers'

/**
 * @typedef {object} Exchange
 * @property {Date} at
 * @property {number} bytes
 * @property {string[]} types Of the events, in their order.
 * @property {number} retry How often the same batch had been tried before.
 * @property {number | 'no answer'} status
 */

/**
 * @param {string} target
 * @param {(exchange: Exchange) => void} onExchange
 */
export async function startWiretap(target, onExchange) {
  const server = createServer(async (incoming, answer) => {
    const body = await buffer(incoming)
    const tell = (/** @type {Exchange['status']} */ status) =>
      onExchange({
        at: new Date(),
        bytes: body.length,
        types: readTypes(body),
        retry: Number(incoming.headers['x-retry-count'] ?? 0),
        status,
      })
    const outgoing = sendRequest(new URL(incoming.url ?? '/', target), {
      method: incoming.method,
      headers: { ...incoming.headers, host: new URL(target).host },
    })
    outgoing.once('response', (response) => {
      tell(response.statusCode ?? 0)
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
    })
    outgoing.once('error', () => {
      tell('no answer')
      answer.destroy()
    })
    outgoing.end(body)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined

  return {
    url: `http://127.0.0.1:${port}`,

    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

/** @param {Buffer} body */
function readTypes(body) {
  try {
    /** @type {{ batch: { type: string }[] }} */
    const { batch } = JSON.parse(body.toString())
    return batch.map(({ type }) => type)
  } catch {
    return []
  }
}
