/** Measures one subject in a fresh process: from nothing to the first event tracked. */
import { task } from './lib/children.mjs'

const { name, host } = task()
const start = performance.now()
const { Analytics } = await import(name)
const imported = performance.now()
const analytics = new Analytics({ writeKey: 'k', host })
analytics.track({ userId: 'u', event: 'First' })
const tracked = performance.now()
await analytics.closeAndFlush()
process.send({ import: imported - start, first: tracked - start, delivered: performance.now() - start })
process.disconnect()
