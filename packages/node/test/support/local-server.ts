import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createRawServer, type Server, type Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** A request as a server got it; its body is unpacked. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** Whether the connection on which it came is still open. */
  isConnected(): boolean
}

/** Answers a request, or does worse. `count` is 1 for the first. */
export type Behavior = (response: ServerResponse, request: Received, count: number) => void

export interface LocalServer {
  readonly url: string
  readonly requests: Received[]
  /** Connections that were ever opened. */
  opened(): number
  /** Connections that are open now. */
  open(): number
  close(): Promise<void>
}

const running = new Set<LocalServer>()

/** A server on 127.0.0.1 that answers 200 unless it is told otherwise. `closeServers` closes it. */
export async function startServer(behave: Behavior = (response) => response.end('{}')): Promise<LocalServer> {
  const requests: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('error', () => {})
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const received = receivedFrom(request, Buffer.concat(chunks))
      requests.push(received)
      behave(response, received, requests.length)
    })
  })
  return listen(server, requests)
}

/** A server that speaks whatever `talk` says, be it HTTP or not. */
export async function startRawServer(talk: (socket: Socket) => void): Promise<LocalServer> {
  const server = createRawServer((socket) => {
    socket.on('error', () => {})
    talk(socket)
  })
  return listen(server, [])
}

export async function closeServers(): Promise<void> {
  await Promise.all([...running].map((server) => server.close()))
}

async function listen(server: Server, requests: Received[]): Promise<LocalServer> {
  const sockets = new Set<Socket>()
  let opened = 0
  server.on('connection', (socket) => {
    opened++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const local: LocalServer = {
    url: `http://127.0.0.1:${port}`,
    requests,
    opened: () => opened,
    open: () => sockets.size,
    async close() {
      if (!running.delete(local)) return
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  running.add(local)
  return local
}

function receivedFrom(request: IncomingMessage, bytes: Buffer): Received {
  const { method = '', url = '', headers, socket } = request
  const body = headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
  return { method, path: url, headers, body: body.toString(), isConnected: () => !socket.destroyed }
}
