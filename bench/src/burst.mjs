/**
 * Processor time per event: 50,000 `track` calls in one burst, delivered to a local server in its own process.
 * Every subject runs in a fresh process, in turns, and the best of the rounds counts: `node src/burst.mjs [rounds]`.
 */
import { fork } from 'node:child_process'

const [rounds = '3'] = process.argv.slice(2)
const events = 50_000
const file = (name) => new URL(name, import.meta.url).pathname

const server = fork(file('./server.mjs'))
const { port } = await message(server)
const host = `http://127.0.0.1:${port}`

for (const flushAt of [100, undefined]) {
  const best = new Map()
  for (let round = 0; round < Number(rounds); round++) {
    for (const subject of await names()) {
      const worker = fork(
        file('./burst-worker.mjs'),
        [JSON.stringify({ subject, events, settings: { host, flushAt } })],
        {
          execArgv: ['--expose-gc'],
        },
      )
      const figures = await message(worker)
      const { requests } = await (await fetch(host)).json()
      const known = best.get(subject)
      if (!known || figures.cpu < known.cpu) best.set(subject, { ...figures, requests })
    }
  }
  print(flushAt ? `flushAt ${flushAt}` : 'defaults (flushAt 15)', best)
}
server.disconnect()

async function names() {
  const { subjects } = await import('./subjects.mjs')
  return Object.keys(subjects)
}

function print(title, best) {
  const floor = best.get('bare loop, node:http').cpu
  const peer = best.get('@segment/analytics-node').cpu
  console.log(`\n${title}: ${events} events of ~600 bytes`)
  console.table(
    Object.fromEntries(
      [...best].map(([subject, { cpu, wall, rss, requests }]) => [
        subject,
        {
          'CPU µs/event': Number(cpu.toFixed(1)),
          '× floor': Number((cpu / floor).toFixed(2)),
          '× peer': Number((cpu / peer).toFixed(2)),
          'wall µs/event': Number(wall.toFixed(1)),
          'RSS MB': Math.round(rss),
          requests,
        },
      ]),
    ),
  )
}

function message(child) {
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('error', reject)
    child.once('exit', (code) => code && reject(new Error(`exit ${code}`)))
  })
}
