/** Events lost and duplicated while the server is ill: 1,000 events a second for five seconds, then close. */
import { runWorker, startServer } from './lib/children.mjs'

const illnesses = {
  '503 for 3 s': { status: 503, ms: 3_000 },
  '429 with Retry-After 2 for 3 s': { status: 429, retryAfter: '2', ms: 3_000 },
  'connections reset for 3 s': { resets: true, ms: 3_000 },
  '10 % random 503': { status: 503, share: 0.1 },
}

for (const [title, illness] of Object.entries(illnesses)) {
  const rows = {}
  for (const subject of ['@segment/analytics-node', '@sluice/node', '@sluice/node, NodeHTTPClient']) {
    const server = await startServer(JSON.stringify({ illness, countsIds: true }))
    const { tracked, ms } = await runWorker('faults-worker.mjs', {
      subject,
      seconds: 5,
      perSecond: 1_000,
      settings: { host: server.host },
    })
    const { requests, refused, events, unique } = await server.seen()
    server.close()
    rows[subject] = {
      tracked,
      lost: tracked - unique,
      duplicates: events - unique,
      requests,
      refused,
      'done after ms': ms,
    }
  }
  console.log(`\n${title}`)
  console.table(rows)
}
