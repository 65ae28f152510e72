/** Measures one subject in a fresh process: processor time per event of a burst, from the first call to the last answer. */
import { task } from './lib/children.mjs'
import { trackParams } from './lib/event.mjs'
import { subjects } from './lib/subjects.mjs'

const { subject, events, settings } = task()

// Two small bursts first: what is measured is the steady state, not the compiler.
for (let round = 0; round < 2; round++) await burst(2_000)

globalThis.gc?.()
const before = process.cpuUsage()
const start = performance.now()
await burst(events)
const { user, system } = process.cpuUsage(before)
const wall = performance.now() - start
process.send({
  cpu: (user + system) / events,
  wall: (wall * 1_000) / events,
  rss: process.memoryUsage().rss / 2 ** 20,
})
process.disconnect()

async function burst(count) {
  const client = await subjects[subject](settings)
  for (let number = 0; number < count; number++) client.track(trackParams(number))
  await client.close()
}
