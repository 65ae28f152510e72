import http, { type Agent, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { drainedBytes, keptBytes } from './read-body'
import { followRedirects } from './redirects'
import { isBatch } from './request-kind'
import { startRequestTimer } from './request-timer'
import type { HTTPCall, HTTPClient, HTTPClientRequest, HTTPResponse } from './types'

export interface NodeHTTPClientOptions {
  /** Compress batches, off the main thread. @default false */
  gzip?: boolean
  /** Connections to one host at the same time, at most. @default Infinity: `maxConcurrentRequests` decides */
  maxSockets?: number
  /** How long an unused connection is kept open, in ms. @default 15_000 */
  keepAliveMsecs?: number
}

/**
 * Makes requests with Node's own `http` and `https` over connections that are kept open. It takes less
 * processor time than `fetch`. Not for edge runtimes.
 *
 * @example
 * new Analytics({ writeKey, httpClient: new NodeHTTPClient() })
 */
export class NodeHTTPClient implements HTTPClient {
  // Hidden from whoever logs the client: sockets remember the headers that went through them.
  readonly #agents: { http: Agent; https: https.Agent }
  private readonly compresses: boolean

  constructor(options: NodeHTTPClientOptions = {}) {
    const {
      gzip: compresses = false,
      maxSockets = Number.POSITIVE_INFINITY,
      keepAliveMsecs = 15_000,
    } = options
    const settings = { keepAlive: true, maxSockets, timeout: keepAliveMsecs }
    this.#agents = { http: new http.Agent(settings), https: new https.Agent(settings) }
    this.compresses = compresses
  }

  /** Rejects when there is no answer within `httpRequestTimeout`, or when `call.signal` fires. */
  async makeRequest(options: HTTPClientRequest, call?: HTTPCall): Promise<HTTPResponse> {
    const compresses = this.compresses && isBatch(options)
    const body = compresses ? await promisify(zlib.gzip)(options.body) : Buffer.from(options.body)
    const headers = { ...options.headers, 'Content-Length': String(body.length) }
    if (compresses) Object.assign(headers, { 'Content-Encoding': 'gzip' })
    return followRedirects(options.url, headers, async (url, sent) => {
      const request = { ...options, url, headers: sent }
      try {
        return await this.exchange(request, body, call)
      } catch (error) {
        if (!isStaleConnection(error)) throw error
        // The server had closed a connection of the pool, and so it may have those that lie beside it, all of them after
        // a pause of the whole process: nothing is wrong with a new one.
        this.dropUnusedConnections()
        return await this.exchange(request, body, call)
      }
    })
  }

  /** Closes the connections that are kept open. They don't keep the process alive, so this is seldom needed. */
  close(): void {
    this.#agents.http.destroy()
    this.#agents.https.destroy()
  }

  private dropUnusedConnections(): void {
    for (const { freeSockets } of [this.#agents.http, this.#agents.https]) {
      for (const socket of Object.values(freeSockets).flat()) socket?.destroy()
    }
  }

  private exchange(
    { url, method, headers, httpRequestTimeout }: HTTPClientRequest,
    body: Buffer,
    call: HTTPCall | undefined,
  ): Promise<HTTPResponse> {
    const isSecure = url.startsWith('https:')
    return new Promise((resolve, reject) => {
      // Looked up at each call: tools that watch or answer requests put functions of their own in place of these.
      const request = isSecure
        ? https.request(url, { method, headers, agent: this.#agents.https })
        : http.request(url, { method, headers, agent: this.#agents.http })
      const giveUp = (error: Error) => request.destroy(error)
      const timeIsUp = () => giveUp(new Error(`No answer within ${httpRequestTimeout} ms`))
      const stopTimer = startRequestTimer(httpRequestTimeout, timeIsUp)
      const abort = () => giveUp(new Error('The request was aborted'))
      call?.signal.addEventListener('abort', abort)
      request.on('close', () => {
        stopTimer()
        call?.signal.removeEventListener('abort', abort)
        // Changes nothing when there was an answer or an error.
        reject(new Error('The connection was closed without an answer'))
      })
      // Without this, Node says nothing at all about a 101.
      request.on('upgrade', ({ statusCode }, socket) => {
        socket.destroy()
        reject(new Error(`The server answered ${statusCode}, to speak something other than HTTP`))
      })
      request.on('error', (error) => reject(Object.assign(error, { isReused: request.reusedSocket })))
      // From here on an error changes nothing any more.
      request.on('response', (response) =>
        resolve(readAll(response).then((text) => toResponse(response, text))),
      )
      if (call?.signal.aborted) abort()
      else if (httpRequestTimeout <= 0) timeIsUp()
      request.end(body)
    })
  }
}

function isStaleConnection(error: unknown): boolean {
  const { isReused, code } = error as { isReused?: boolean; code?: string }
  return isReused === true && (code === 'ECONNRESET' || code === 'EPIPE')
}

function toResponse(
  { statusCode = 0, statusMessage = '', headers }: IncomingMessage,
  text: string,
): HTTPResponse {
  return { status: statusCode, statusText: statusMessage, headers, text: async () => text }
}

/** Reads a response to its end, unless there is no end in sight. Answers the beginning of it. */
function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  return new Promise((resolve) => {
    response.on('data', (chunk: Buffer) => {
      if (bytes < keptBytes) chunks.push(chunk.subarray(0, keptBytes - bytes))
      bytes += chunk.length
      if (bytes > drainedBytes) response.destroy()
    })
    // A response that breaks off has still told its status, and that is what counts.
    response.on('close', () => resolve(Buffer.concat(chunks).toString()))
    response.on('error', () => {})
  })
}
