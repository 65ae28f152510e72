/** From nothing to the first event: import, construct, track, deliver. The median of 15 fresh processes each, in ms. */
import { runWorker, startServer } from './lib/children.mjs'

const server = await startServer()
const names = ['@segment/analytics-node', '@sluice/node']
const figures = new Map(names.map((name) => [name, []]))
for (let round = 0; round < 15; round++) {
  for (const name of names)
    figures.get(name).push(await runWorker('start-worker.mjs', { name, host: server.host }, []))
}
server.close()

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)]
const rows = Object.fromEntries(
  names.map((name) => [
    name,
    Object.fromEntries(
      ['import', 'first', 'delivered'].map((part) => [
        part,
        Number(median(figures.get(name).map((figure) => figure[part])).toFixed(1)),
      ]),
    ),
  ]),
)
console.log('ms from nothing to…')
console.table(rows)
const [peer, ours] = names.map((name) => rows[name])
console.log(`first event: ${(ours.first / peer.first).toFixed(2)} × peer`)
