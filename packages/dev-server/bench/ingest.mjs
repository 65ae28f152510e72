/**
 * Measures how fast the built dev server takes events: batches over real HTTP into a real file, each answered after its
 * commit. First at full speed for events per second, then at half that speed for how long one batch takes.
 *
 *   npx tsup && node bench/ingest.mjs [seconds] [connections]
 */
import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const eventsPerBatch = 100
const seconds = Number(process.argv[2] ?? 5)
const connections = Number(process.argv[3] ?? 8)

if (process.env.INGEST_STORE !== undefined) await serve(process.env.INGEST_STORE)
else await measure()

/** The server has a process of its own, as it has in life. */
async function serve(store) {
  const { createDevServer } = await import('../dist/index.js')
  const dev = await createDevServer({ port: 0, store })
  process.send(dev.port)
  process.once('disconnect', () => dev.close())
}

async function measure() {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-ingest-'))
  const server = fork(fileURLToPath(import.meta.url), {
    env: { ...process.env, INGEST_STORE: join(folder, 'store.sqlite') },
  })
  const port = await new Promise((resolve) => server.once('message', resolve))
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const send = createSender(port, agent)
  try {
    await run(send, { forMs: 1_000 })
    const full = await run(send, { forMs: seconds * 1_000 })
    const half = await run(send, {
      forMs: seconds * 1_000,
      batchesPerSecond: full.batches / full.seconds / 2,
    })
    const target = await run(send, { forMs: seconds * 1_000, batchesPerSecond: 50 })
    console.log(
      `${availableParallelism()} cores, ${connections} connections, ${eventsPerBatch} events a batch of ${send.bytes} bytes`,
    )
    report('full speed', full)
    report('half speed', half)
    report('5,000 events/s', target)
  } finally {
    agent.destroy()
    server.disconnect()
    await new Promise((resolve) => server.once('exit', resolve))
    await rm(folder, { recursive: true })
  }
}

function report(name, { batches, seconds, times }) {
  const at = (share) => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1)
  const rate = Math.round((batches * eventsPerBatch) / seconds)
  console.log(`${name}: ${rate} events/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`)
}

/** Sends from every connection until the time is over; with a rate, each send has its due time and is measured from it. */
async function run(send, { forMs, batchesPerSecond }) {
  const start = performance.now()
  const times = []
  let next = 0
  const worker = async () => {
    while (performance.now() - start < forMs) {
      const due =
        batchesPerSecond === undefined ? performance.now() : start + (next++ * 1_000) / batchesPerSecond
      if (due - start > forMs) return
      const early = due - performance.now()
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
      await send()
      times.push(performance.now() - Math.max(due, start))
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  times.sort((a, b) => a - b)
  return { batches: times.length, seconds: (performance.now() - start) / 1_000, times }
}

function createSender(port, agent) {
  // Only the ids differ between batches, so that making them costs the measuring side little.
  const run = Date.now().toString(36)
  const event = (index) =>
    `{"type":"track","event":"Order Completed","userId":"user-${index}","messageId":"@-${index}","timestamp":"2026-01-01T00:00:00.000Z","properties":{"orderId":"o-${index}","total":30.5,"currency":"EUR","products":[{"sku":"a","quantity":2},{"sku":"b","quantity":1}]},"context":{"library":{"name":"bench","version":"1.0.0"},"page":{"path":"/checkout","url":"https://shop.example/checkout","title":"Checkout"},"locale":"en-GB"},"integrations":{}}`
  const template = `{"writeKey":"dev","sentAt":"2026-01-01T00:00:01.000Z","batch":[${Array.from({ length: eventsPerBatch }, (_, index) => event(index)).join(',')}]}`
  const parts = template.split('@')
  let batch = 0
  const send = () =>
    new Promise((resolve, reject) => {
      const body = parts.join(`${run}-${batch++}`)
      const call = request(
        {
          port,
          host: '127.0.0.1',
          agent,
          method: 'POST',
          path: '/v1/batch',
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        },
        (response) => {
          response.resume()
          response.on('end', () =>
            response.statusCode === 200 ? resolve() : reject(new Error(`status ${response.statusCode}`)),
          )
        },
      )
      call.on('error', reject)
      call.end(body)
    })
  return Object.assign(send, { bytes: template.length })
}
