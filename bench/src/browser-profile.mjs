/**
 * Where the time of our `track()` goes: functions by the time spent in themselves, while 2,000 events are tracked and
 * delivered. `npm run browser-profile [-- --sources] [-- --peer]`
 */
import { SourceMap } from 'node:module'
import { openPage } from './browser/open-page.mjs'
import { run } from './browser/run.mjs'
import { ours, peer } from './browser/subjects.mjs'

const calls = 2_000
const library = process.argv.includes('--peer') ? peer : ours

await run('Profile of track()', async (bench) => {
  const page = await openPage(bench, 'steady', library, undefined, {
    minify: false,
    sourcemap: true,
  })
  await page.evaluate(() => window.bench.timeTrack(500))
  const session = await page.context().newCDPSession(page)
  await session.send('Profiler.enable')
  await session.send('Profiler.setSamplingInterval', { interval: 100 })
  await session.send('Profiler.start')
  await page.evaluate((count) => window.bench.timeTrack(count), calls)
  const { profile } = await session.send('Profiler.stop')

  const name = namesFrom(bench.site.behaviour.bundle.files)
  const parents = parentsOf(profile.nodes)
  const self = createSums()
  const native = createSums()
  const inclusive = createSums()
  for (const [index, id] of profile.samples.entries()) {
    const node = parents.byId.get(id)
    const micros = Math.max(profile.timeDeltas[index], 0)
    const above = ancestors(node, parents)
    const part = above.some(({ callFrame }) => callFrame.functionName === 'timeEach') ? 'call' : 'later'
    const key = name(node.callFrame)
    self.add(key, part, micros)
    if (node.callFrame.url === '') {
      const caller = above.find(({ callFrame }) => callFrame.url !== '')
      native.add(`${key} ← ${caller ? name(caller.callFrame) : '(nobody)'}`, part, micros)
    }
    const running = [node, ...above].filter(({ callFrame }) => callFrame.url !== '')
    for (const each of new Set(running.map(({ callFrame }) => name(callFrame)))) {
      inclusive.add(each, part, micros)
    }
  }
  self.print('Time in the function itself', 30)
  native.print('Native calls, by who makes them', 15)
  inclusive.print('Time in the function and all that it calls', 45)
})

/** From the caller up. */
function ancestors(node, { parent }) {
  const above = []
  for (let next = parent.get(node); next; next = parent.get(next)) above.push(next)
  return above
}

function parentsOf(nodes) {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parent = new Map()
  for (const node of nodes) for (const child of node.children ?? []) parent.set(byId.get(child), node)
  return { byId, parent }
}

/** Names functions by the source they come from. */
function namesFrom(files) {
  const maps = new Map()
  for (const [file, contents] of files) {
    if (file.endsWith('.map')) maps.set(file.slice(0, -'.map'.length), new SourceMap(JSON.parse(contents)))
  }
  return ({ functionName, url, lineNumber, columnNumber }) => {
    const called = functionName || '(anonymous)'
    if (url === '') return called
    const map = maps.get(url.slice(url.lastIndexOf('/') + 1))
    const { originalSource = url, originalLine = lineNumber } = map?.findEntry(lineNumber, columnNumber) ?? {}
    return `${called} ${originalSource.replace(/^.*\/(packages|node_modules)\//, '').replace(/^(\.\.\/)+/, '')}:${originalLine + 1}`
  }
}

function createSums() {
  const sums = new Map()
  return {
    add(key, part, micros) {
      const sum = sums.get(key) ?? { call: 0, later: 0 }
      sum[part] += micros / calls
      sums.set(key, sum)
    },
    print(title, most) {
      console.log(`\n${title}, µs per event: within the call, and later`)
      const total = ({ call, later }) => call + later
      const rows = [...sums].sort(([, a], [, b]) => total(b) - total(a)).slice(0, most)
      for (const [key, { call, later }] of rows) {
        console.log([call, later].map((time) => time.toFixed(1).padStart(8)).join(''), key)
      }
    },
  }
}
