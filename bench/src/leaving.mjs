/**
 * What becomes of events that are tracked right before the visitor leaves: how many the server has before the visitor
 * returns, how many are lost after that, and how many it received twice. Then, for how long `trackLink` and `trackForm`
 * hold a visitor back. `npm run leaving -- [runs]`, and to choose:
 * `--engines Chromium,Firefox,WebKit --ways link,onward,navigation,quick,close,form,hidden --counts 1,5,20
 * --strategies standard,batching,keepalive --connections cold,warm --latency 25 --elsewhere 25 --defaults 2026-12 --peer --sources`; `--elsewhere` is how long the
 * other site takes, in ms: an answer that comes sooner is heard by the page that is left.
 */
import { parseArgs } from 'node:util'
import { starters, withEngines } from '../../scripts/lib/engines/start-engines.mjs'
import { bundle, versionOf } from './browser/bundle.mjs'
import { ours, peer, writeKey } from './browser/subjects.mjs'
import { measureHold } from './leaving/hold.mjs'
import { openReady, untilReady, ways } from './leaving/ways.mjs'
import { startWorld } from './leaving/world.mjs'

const strategies = {
  standard: { strategy: 'standard' },
  // What comes back is sent soon, so that it can be counted.
  batching: { strategy: 'batching', config: { timeout: 500 } },
  keepalive: { strategy: 'standard', config: { keepalive: true } },
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engines: { type: 'string', default: Object.keys(starters).join() },
    ways: { type: 'string', default: Object.keys(ways).join() },
    counts: { type: 'string', default: '1,5,20' },
    strategies: { type: 'string', default: Object.keys(strategies).join() },
    connections: { type: 'string', default: 'cold,warm' },
    latency: { type: 'string', default: '25' },
    elsewhere: { type: 'string' },
    defaults: { type: 'string' },
    peer: { type: 'boolean', default: false },
    sources: { type: 'boolean', default: false },
  },
})

/** How long nothing may come, how often it is looked, and how long a page of a later visit has for what it does, in ms. */
const patienceMs = 2_000
const stepMs = 50
const settlingMs = 1_500

const measures = ['before a revisit', 'lost', 'arrived twice']

const runs = Number(positionals[0] ?? 1)
const library = values.peer ? peer : ours
const latencyMs = Number(values.latency)
const elsewhereMs = Number(values.elsewhere ?? latencyMs)
const world = await startWorld({ latencyMs, elsewhereMs })

try {
  world.next.bundle = await bundle('leaving', library)
  console.log(
    `Leaving a page: ${library} ${versionOf(library)}, ${runs} of each, ${latencyMs} ms to every server, ${elsewhereMs} ms to the other site`,
  )
  await withEngines(values.engines.split(','), console.log, measure)
} finally {
  world.close()
}

async function measure(engine) {
  console.log(`\n${engine.name} ${engine.version}`)
  const cells = []
  for (const way of values.ways.split(',')) {
    for (const strategy of values.strategies.split(',')) {
      for (const connection of values.connections.split(',')) {
        for (const events of values.counts.split(',').map(Number)) {
          const cell = { way, strategy, connection, events, tracked: 0, note: '' }
          for (const name of measures) cell[name] = 0
          for (let run = 0; run < runs; run++) {
            const seen = await visit(engine, cell)
            cell.tracked += seen.tracked
            for (const name of measures) cell[name] += seen[name] ?? 0
            cell.note ||= seen.note ?? ''
          }
          cells.push(cell)
        }
      }
    }
  }
  console.table(cells.map(inPercent))
  for (const key of ['way', 'strategy']) console.table(together(cells, key).map(inPercent))
  console.log('Held back by trackLink and trackForm, in ms:')
  give({ strategy: 'standard', events: 1 })
  console.table(await measureHold(engine, world))
}

/** All cells with the same `key` in one. */
function together(cells, key) {
  const sums = new Map()
  for (const cell of cells) {
    const sum = sums.get(cell[key]) ?? { [key]: cell[key], tracked: 0 }
    for (const name of ['tracked', ...measures]) sum[name] = (sum[name] ?? 0) + cell[name]
    sums.set(cell[key], sum)
  }
  return [...sums.values()]
}

function inPercent({ tracked, ...row }) {
  for (const name of measures)
    row[name] = tracked ? `${Math.round((row[name] / tracked) * 1000) / 10} %` : '–'
  return row
}

/** What the next pages are made of. */
function give({ strategy, events }) {
  const { next } = world
  next.count = events
  next.given = ({ cdn, api }) => {
    const segment = { apiHost: `${api.slice('http://'.length)}/v1`, protocol: 'http' }
    const integrations = { 'Segment.io': { ...segment, deliveryStrategy: strategies[strategy] } }
    return [
      { writeKey, cdnURL: cdn },
      { integrations, ...(values.defaults && { defaults: values.defaults }) },
    ]
  }
}

async function visit(engine, { way, strategy, connection, events }) {
  world.forget()
  give({ strategy, events })
  const visitor = await engine.newVisitor()
  try {
    const next = await ways[way](visitor, world, connection === 'warm')
    if (typeof next === 'string') return { tracked: 0, note: next }
    await untilQuiet(events)
    const before = world.delivered()
    const tab = next ?? (await openReady(visitor, world))
    await untilReady(tab)
    await tab.evaluate('void bench.say("After")')
    await pause(settlingMs)
    await untilQuiet(events)
    const [lost, repeated] = [events - world.delivered(), world.repeated()]
    return { tracked: events, 'before a revisit': before, lost, 'arrived twice': repeated }
  } catch (reason) {
    return { tracked: 0, note: String(reason).slice(-120) }
  } finally {
    await visitor.leave()
  }
}

/** All events are there, or nothing has come for a while. */
async function untilQuiet(count) {
  let last = -1
  for (let waited = 0; waited < patienceMs && world.delivered() < count; waited += stepMs) {
    if (world.delivered() !== last) waited = 0
    last = world.delivered()
    await pause(stepMs)
  }
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
