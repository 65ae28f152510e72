import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { hostClock } from '@sluice/core/internal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FetchHTTPClient, type HTTPClientRequest, type HTTPResponse, NodeHTTPClient } from '../src'
import { callClient } from '../src/http/call-client'

/** A server in a thread of its own. It answers when this thread is blocked. */
const source = `
  const { parentPort, workerData } = require('node:worker_threads')
  const server = require('node:http').createServer((request, response) => {
    request.resume().on('end', () => {
      parentPort.postMessage('received')
      const timer = setInterval(() => {
        if (Atomics.load(workerData, 0) === 0) return
        clearInterval(timer)
        response.end('{}')
      }, 1)
    })
  })
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`

const isBlocked = new Int32Array(new SharedArrayBuffer(8))
let worker: Worker
let url = ''

beforeAll(async () => {
  worker = new Worker(source, { eval: true, workerData: isBlocked })
  const [port] = await once(worker, 'message')
  url = `http://127.0.0.1:${port}/v1/batch`
})
afterAll(() => worker.terminate())

const timeLimit = 1_000

const request = (): HTTPClientRequest => ({
  url,
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: '{"batch":[]}',
  httpRequestTimeout: timeLimit,
})

/** Keeps the event loop from running until well after the time limit, while the answer arrives. */
async function blockOnceReceived(): Promise<void> {
  await once(worker, 'message')
  Atomics.store(isBlocked, 0, 1)
  Atomics.wait(isBlocked, 1, 0, timeLimit * 1.5)
  Atomics.store(isBlocked, 0, 0)
}

/** A client that knows no time limit; ours is a second then. */
const careless = { makeRequest: ({ url, method, body }: HTTPClientRequest) => fetch(url, { method, body }) }
const limits = { clock: hostClock, timeout: 0, controller: new AbortController() }

describe('an answer that came in time to an event loop that was blocked', () => {
  it.each<[string, () => Promise<HTTPResponse>]>([
    ['FetchHTTPClient', () => new FetchHTTPClient().makeRequest(request())],
    ['NodeHTTPClient', () => new NodeHTTPClient().makeRequest(request())],
    ['the limit for clients of others', () => callClient(careless, request(), limits)],
  ])('counts: %s', async (_, send) => {
    const [response] = await Promise.all([send(), blockOnceReceived()])

    expect(response.status).toBe(200)
  })
})
