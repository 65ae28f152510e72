import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as realDelay } from 'node:timers/promises'
import { fields, list } from './fields'
import type { Fields } from './library'

/** How the collector answers one request: nothing given means 200 with an empty JSON object. */
export interface Answer {
  status?: number
  statusText?: string
  headers?: Record<string, string>
  body?: string
  /** Wait before answering, in ms. */
  delayMs?: number
  /** `reset` cuts the connection, `hang` never answers. */
  instead?: 'reset' | 'hang'
}

export interface Received {
  method: string
  path: string
  headers: IncomingHttpHeaders
  rawBody: string
  payload: Fields
  batch: Fields[]
  at: number
}

export interface Collector {
  url: string
  received: Received[]
  /** How many connections were opened so far. */
  connections(): number
  /** The largest number of requests that were open at the same time. */
  mostAtOnce(): number
  events(): Fields[]
  /** Waits until so many requests have arrived. */
  reached(count: number): Promise<void>
  close(): Promise<void>
}

type Script = Answer[] | ((request: Received, index: number) => Answer)

/** A real HTTP server on this machine that records what it is sent and answers from a script. */
export async function startCollector(script: Script = []): Promise<Collector> {
  const received: Received[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  let open = 0
  let mostAtOnce = 0

  const server = createServer(async (request, response) => {
    open += 1
    mostAtOnce = Math.max(mostAtOnce, open)
    response.on('close', () => {
      open -= 1
    })
    const rawBody = await readBody(request)
    const payload = readPayload(rawBody)
    const record: Received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      rawBody,
      payload,
      batch: payload.batch === undefined ? [] : list(payload.batch).map(fields),
      at: Date.now(),
    }
    const index = received.push(record) - 1
    await answer(response, (typeof script === 'function' ? script(record, index) : script[index]) ?? {})
  })
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    connections: () => connections,
    mostAtOnce: () => mostAtOnce,
    events: () => received.flatMap((request) => request.batch),
    async reached(count) {
      const end = performance.now() + 10_000
      while (received.length < count) {
        if (performance.now() > end) throw new Error(`only ${received.length} of ${count} requests arrived`)
        await realDelay(1)
      }
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function readPayload(body: string): Fields {
  try {
    return fields(JSON.parse(body))
  } catch {
    return { text: body }
  }
}

async function answer(response: ServerResponse, reply: Answer): Promise<void> {
  if (reply.delayMs !== undefined) await realDelay(reply.delayMs)
  if (reply.instead === 'reset') response.socket?.destroy()
  if (reply.instead !== undefined) return
  if (reply.statusText !== undefined) response.statusMessage = reply.statusText
  response.writeHead(reply.status ?? 200, { 'Content-Type': 'application/json', ...reply.headers })
  response.end(reply.body ?? '{}')
}
