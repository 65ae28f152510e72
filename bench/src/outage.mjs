/**
 * The server is down for 30 s under 20,000 events a second: memory must stay at the bound, and what fitted must arrive
 * once it is back. Once with the default bounds, once with a bound of 10,000 events.
 */
import { runWorker } from './lib/children.mjs'

for (const [title, settings] of [
  ['default bounds', {}],
  ['maxQueueSize 10,000', { maxQueueSize: 10_000 }],
]) {
  const { heapMB, ...figures } = await runWorker('outage-worker.mjs', {
    seconds: 30,
    perSecond: 20_000,
    settings,
  })
  console.log(`\n${title}`)
  console.table(figures)
  console.log('heap in MB, second by second:', heapMB.join(' '))
}
