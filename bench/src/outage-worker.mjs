/** Tracks at a steady rate while the server is down, then waits for what was kept; reports memory and counts. */

import { fork } from 'node:child_process'
import { createServer } from 'node:net'
import { Analytics, QueueFullError } from '@sluice/node'
import { task } from './lib/children.mjs'
import { trackParams } from './lib/event.mjs'

const { seconds, perSecond, settings } = task()
const port = await freePort()
const analytics = new Analytics({ writeKey: 'k', host: `http://127.0.0.1:${port}`, ...settings })
let full = 0
let otherErrors = 0
analytics.on('error', ({ reason }) => {
  if (reason instanceof QueueFullError) full++
  else otherErrors++
})

const memory = []
let number = 0
const start = Date.now()
for (let slice = 0; slice < seconds * 20; slice++) {
  for (let count = 0; count < perSecond / 20; count++) analytics.track(trackParams(number++))
  if (slice % 20 === 19) {
    globalThis.gc?.()
    memory.push(Math.round(process.memoryUsage().heapUsed / 2 ** 20))
  }
  await new Promise((resolve) => setTimeout(resolve, Math.max(start + (slice + 1) * 50 - Date.now(), 0)))
}

const kept = analytics.counts().pending
const server = fork(new URL('./lib/server.mjs', import.meta.url).pathname, [
  JSON.stringify({ port, countsIds: true }),
])
await new Promise((resolve) => server.once('message', resolve))
const back = Date.now()
await analytics.closeAndFlush({ timeout: 120_000 })
const { unique, events } = await (await fetch(`http://127.0.0.1:${port}`)).json()
server.disconnect()
process.send({
  tracked: number,
  refused: full,
  kept,
  delivered: analytics.counts().delivered,
  received: unique,
  duplicates: events - unique,
  otherErrors,
  recoveredInMs: Date.now() - back,
  heapMB: memory,
})
process.disconnect()

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address()
      probe.close(() => resolve(free))
    })
  })
}
