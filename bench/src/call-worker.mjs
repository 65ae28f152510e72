/** A small HTTP server that tracks each of its requests and measures how long that one call takes. Reports when it is told to. */
import { createServer } from 'node:http'
import { task } from './lib/children.mjs'
import { trackParams } from './lib/event.mjs'
import { subjects } from './lib/subjects.mjs'

const { subject, warmUp, settings } = task()
const client = await subjects[subject](settings)
const times = []
let number = 0

const shop = createServer((_request, response) => {
  const params = trackParams(number++)
  const start = process.hrtime.bigint()
  client.track(params)
  const time = process.hrtime.bigint() - start
  if (number > warmUp) times.push(Number(time) / 1_000)
  response.end('ok')
})
shop.listen(0, '127.0.0.1', () => process.send({ port: shop.address().port }))

process.once('message', async () => {
  await client.close()
  shop.close()
  shop.closeAllConnections()
  times.sort((a, b) => a - b)
  const at = (share) => times[Math.floor(times.length * share)]
  process.send({ p50: at(0.5), p90: at(0.9), p99: at(0.99), 'p99.9': at(0.999), max: times.at(-1) })
  process.disconnect()
})
