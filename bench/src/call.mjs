/** How long one `track()` call holds up a request handler, in µs: 30,000 requests to a small HTTP server that tracks each. */
import { Agent, get } from 'node:http'
import { startServer, startWorker } from './lib/children.mjs'

const requests = 30_000
const warmUp = 10_000
const server = await startServer()
const rows = {}

for (const subject of ['@segment/analytics-node', '@sluice/node', '@sluice/node, NodeHTTPClient']) {
  const worker = startWorker('call-worker.mjs', { subject, warmUp, settings: { host: server.host } })
  const { port } = await worker.report()
  await visit(`http://127.0.0.1:${port}`, requests + warmUp)
  worker.send('report')
  const figures = await worker.report()
  rows[subject] = Object.fromEntries(
    Object.entries(figures).map(([name, micros]) => [name, Number(micros.toFixed(1))]),
  )
}
server.close()
console.log('µs of one track() call in a request handler')
console.table(rows)

/** Eight visitors, each with a connection of its own, one request after the other. */
async function visit(url, count) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const request = () =>
    new Promise((resolve, reject) => {
      get(url, { agent }, (response) => response.resume().on('end', resolve)).on('error', reject)
    })
  const visitor = async () => {
    for (let visits = 0; visits < count / 8; visits++) await request()
  }
  await Promise.all(Array.from({ length: 8 }, visitor))
  agent.destroy()
}
