import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { promisify } from 'node:util'
import { gzip as gzipCallback } from 'node:zlib'
import { isWorthGzip } from './gzip'
import { drainedBytes, keptBytes } from './read-body'
import { followRedirects } from './redirects'
import type { HTTPCall, HTTPClient, HTTPClientRequest, HTTPResponse } from './types'

const gzip = promisify(gzipCallback)

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
  readonly #agents: { http: HttpAgent; https: HttpsAgent }
  private readonly compresses: boolean

  constructor(options: NodeHTTPClientOptions = {}) {
    const {
      gzip: compresses = false,
      maxSockets = Number.POSITIVE_INFINITY,
      keepAliveMsecs = 15_000,
    } = options
    const settings = { keepAlive: true, maxSockets, timeout: keepAliveMsecs }
    this.#agents = { http: new HttpAgent(settings), https: new HttpsAgent(settings) }
    this.compresses = compresses
  }

  /** Rejects when there is no answer within `httpRequestTimeout`, or when `call.signal` fires. */
  async makeRequest(options: HTTPClientRequest, call?: HTTPCall): Promise<HTTPResponse> {
    const compresses = this.compresses && isWorthGzip(options)
    const body = compresses ? await gzip(options.body) : Buffer.from(options.body)
    const headers = { ...options.headers, 'Content-Length': String(body.length) }
    if (compresses) Object.assign(headers, { 'Content-Encoding': 'gzip' })
    return followRedirects(options.url, headers, async (url, sent) => {
      const request = { ...options, url, headers: sent }
      try {
        return await this.exchange(request, body, call)
      } catch (error) {
        // The server had closed a connection of the pool just when we took it: nothing is wrong with a new one.
        if (isStaleConnection(error)) return await this.exchange(request, body, call)
        throw error
      }
    })
  }

  /** Closes the connections that are kept open. They don't keep the process alive, so this is seldom needed. */
  close(): void {
    this.#agents.http.destroy()
    this.#agents.https.destroy()
  }

  private exchange(
    { url, method, headers, httpRequestTimeout }: HTTPClientRequest,
    body: Buffer,
    call: HTTPCall | undefined,
  ): Promise<HTTPResponse> {
    const isSecure = url.startsWith('https:')
    return new Promise((resolve, reject) => {
      const request = isSecure
        ? httpsRequest(url, { method, headers, agent: this.#agents.https })
        : httpRequest(url, { method, headers, agent: this.#agents.http })
      const giveUp = (error: Error) => request.destroy(error)
      const timeIsUp = () => giveUp(new Error(`No answer within ${httpRequestTimeout} ms`))
      const timer = setTimeout(timeIsUp, Math.min(httpRequestTimeout, 2 ** 31 - 1))
      timer.unref()
      const abort = () => giveUp(new Error('The request was aborted'))
      call?.signal.addEventListener('abort', abort)
      request.on('close', () => {
        clearTimeout(timer)
        call?.signal.removeEventListener('abort', abort)
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
