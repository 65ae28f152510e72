/**
 * Processor time per event: 50,000 `track` calls in one burst, delivered to a local server in its own process.
 * Every subject runs in a fresh process, in turns, and the best of the rounds counts: `npm run burst -- [rounds]`.
 */
import { runWorker, startServer } from './lib/children.mjs'
import { subjects } from './lib/subjects.mjs'

const [rounds = '3'] = process.argv.slice(2)
const events = 50_000
const server = await startServer()

for (const flushAt of [100, undefined]) {
  const best = new Map()
  for (let round = 0; round < Number(rounds); round++) {
    for (const subject of Object.keys(subjects)) {
      await server.seen()
      const figures = await runWorker('burst-worker.mjs', {
        subject,
        events,
        settings: { host: server.host, flushAt },
      })
      const { requests } = await server.seen()
      const known = best.get(subject)
      if (!known || figures.cpu < known.cpu) best.set(subject, { ...figures, requests })
    }
  }
  print(flushAt ? `flushAt ${flushAt}` : 'defaults (flushAt 15)', best)
}
server.close()

function print(title, best) {
  const floor = best.get('bare loop, node:http').cpu
  const peer = best.get('@segment/analytics-node').cpu
  console.log(`\n${title}: ${events} events of ~600 bytes`)
  const rows = [...best].map(([subject, { cpu, wall, rss, requests }]) => [
    subject,
    {
      'CPU µs/event': Number(cpu.toFixed(1)),
      '× floor': Number((cpu / floor).toFixed(2)),
      '× peer': Number((cpu / peer).toFixed(2)),
      'wall µs/event': Number(wall.toFixed(1)),
      'RSS MB': Math.round(rss),
      requests,
    },
  ])
  console.table(Object.fromEntries(rows))
}
