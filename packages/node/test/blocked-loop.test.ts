import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { hostClock } from '@sluice/core/internal'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { FetchHTTPClient, type HTTPClientRequest, type HTTPResponse, NodeHTTPClient } from '../src'
import { callClient } from '../src/http/call-client'

/** A server in a thread of its own. It answers when the thread of the test is blocked, and wakes it up then. */
const source = `
  const { parentPort, workerData } = require('node:worker_threads')
  const wakeUp = () => {
    Atomics.store(workerData, 1, 1)
    Atomics.notify(workerData, 1)
  }
  const server = require('node:http').createServer((request, response) => {
    request.resume().on('end', () => {
      parentPort.postMessage('received')
      const timer = setInterval(() => {
        if (Atomics.load(workerData, 0) === 0) return
        clearInterval(timer)
        // What has been written may take its time to the other socket.
        response.end('{}', () => setTimeout(wakeUp, 100))
      }, 1)
    })
  })
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`

/** Whether the thread of the test is blocked, and whether the server has answered. */
const flags = new Int32Array(new SharedArrayBuffer(8))
const realTimeout = setTimeout
let worker: Worker
let url = ''

beforeAll(async () => {
  worker = new Worker(source, { eval: true, workerData: flags })
  const [port] = await once(worker, 'message')
  url = `http://127.0.0.1:${port}/v1/batch`
})
afterAll(() => worker.terminate())

beforeEach(() => {
  flags.fill(0)
  // The time limit is over when the test says so, however fast this machine is.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const timeLimit = 1_000

const request = (): HTTPClientRequest => ({
  url,
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: '{"batch":[]}',
  httpRequestTimeout: timeLimit,
})

/** Keeps the event loop from running until the answer has arrived; then timers that are long due run before all else. */
async function blockOnceReceived(): Promise<void> {
  await once(worker, 'message')
  const timers = new Promise((resolve) => realTimeout(resolve, 0))
  Atomics.store(flags, 0, 1)
  Atomics.wait(flags, 1, 0)
  await timers
  vi.advanceTimersByTime(timeLimit * 2.5)
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
