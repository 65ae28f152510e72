/** Tracks for some seconds against a server that is ill, closes, and reports what the client says became of its events. */
import { task } from './lib/children.mjs'
import { trackParams } from './lib/event.mjs'
import { subjects } from './lib/subjects.mjs'

const { subject, seconds, perSecond, settings } = task()
const client = await subjects[subject](settings)
const start = Date.now()
let tracked = 0
for (let slice = 0; slice < seconds * 20; slice++) {
  for (let count = 0; count < perSecond / 20; count++) client.track(trackParams(tracked++))
  await new Promise((resolve) => setTimeout(resolve, Math.max(start + (slice + 1) * 50 - Date.now(), 0)))
}
await client.close()
process.send({ tracked, ms: Date.now() - start })
process.disconnect()
