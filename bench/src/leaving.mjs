/**
 * What becomes of events that are tracked right before the visitor leaves: how many the server has before anybody comes
 * back, how many are lost when somebody did, and how many it got twice. `npm run leaving -- [runs]`, and to choose:
 * `--engines Chromium,Firefox,WebKit --ways link,navigation,quick,close,form,hidden --counts 1,5,20
 * --strategies standard,batching,keepalive --latency 25 --defaults 2026-12 --peer --sources`
 */
import { parseArgs } from 'node:util'
import { starters, withEngines } from '../../scripts/lib/engines/start-engines.mjs'
import { bundle, versionOf } from './browser/bundle.mjs'
import { ours, peer, writeKey } from './browser/subjects.mjs'
import { openReady, ways } from './leaving/ways.mjs'
import { startWorld } from './leaving/world.mjs'

const strategies = {
  standard: { strategy: 'standard' },
  batching: { strategy: 'batching' },
  keepalive: { strategy: 'standard', config: { keepalive: true } },
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engines: { type: 'string', default: Object.keys(starters).join() },
    ways: { type: 'string', default: Object.keys(ways).join() },
    counts: { type: 'string', default: '1,5,20' },
    strategies: { type: 'string', default: Object.keys(strategies).join() },
    latency: { type: 'string', default: '25' },
    defaults: { type: 'string' },
    peer: { type: 'boolean', default: false },
    sources: { type: 'boolean', default: false },
  },
})

/** How long nothing may come, how often it is looked, and how long a page of a later visit has for what it does, in ms. */
const patienceMs = 2_000
const stepMs = 50
const settlingMs = 1_000

const runs = Number(positionals[0] ?? 1)
const library = values.peer ? peer : ours
const world = await startWorld({ latencyMs: Number(values.latency) })

try {
  world.next.bundle = await bundle('leaving', library)
  console.log(
    `Leaving a page: ${library} ${versionOf(library)}, ${runs} of each, ${values.latency} ms to every server`,
  )
  await withEngines(values.engines.split(','), console.log, measure)
} finally {
  world.close()
}

async function measure(engine) {
  console.log(`\n${engine.name} ${engine.version}`)
  const rows = []
  for (const way of values.ways.split(',')) {
    for (const strategy of values.strategies.split(',')) {
      for (const count of values.counts.split(',').map(Number)) {
        const row = {
          way,
          strategy,
          events: count,
          'before a revisit': 0,
          lost: 0,
          'arrived twice': 0,
          note: '',
        }
        for (let run = 0; run < runs; run++) {
          const seen = await visit(engine, way, strategy, count)
          row['before a revisit'] += seen.before
          row.lost += seen.lost
          row['arrived twice'] += seen.twice
          row.note ||= seen.note
        }
        const percent = (part) => `${Math.round((part / count / runs) * 100)} %`
        for (const name of ['before a revisit', 'lost', 'arrived twice']) row[name] = percent(row[name])
        rows.push(row)
      }
    }
  }
  console.table(rows)
}

async function visit(engine, way, strategy, count) {
  const { next } = world
  world.forget()
  next.count = count
  next.given = ({ cdn, api }) => {
    const segment = { apiHost: `${api.slice('http://'.length)}/v1`, protocol: 'http' }
    const integrations = { 'Segment.io': { ...segment, deliveryStrategy: strategies[strategy] } }
    return [
      { writeKey, cdnURL: cdn },
      { integrations, ...(values.defaults && { defaults: values.defaults }) },
    ]
  }
  const visitor = await engine.newVisitor()
  try {
    const note = await ways[way](visitor, world.url)
    if (note) return { before: 0, lost: 0, twice: 0, note }
    await untilQuiet(count)
    const before = world.delivered()
    await openReady(visitor, world.url)
    await pause(settlingMs)
    await untilQuiet(count)
    return { before, lost: count - world.delivered(), twice: world.repeated(), note: '' }
  } catch (reason) {
    return { before: 0, lost: 0, twice: 0, note: String(reason).slice(-120) }
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
