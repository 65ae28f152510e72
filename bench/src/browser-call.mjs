/**
 * How long one `track()` call holds up a page, and what 5,000 of them do to it, with everything kept across page loads.
 * Each figure is the median of the rounds: `npm run browser-call -- [rounds] [--sources]`
 */
import { openPage } from './browser/open-page.mjs'
import { run } from './browser/run.mjs'
import { median, quantile, ratio, round } from './browser/statistics.mjs'
import { libraries, ours, peer } from './browser/subjects.mjs'

const rounds = Number(process.argv.slice(2).find((given) => /^\d+$/.test(given)) ?? 5)
const calls = 2_000
const warmUp = 500
const burst = { tasks: 50, callsInTask: 100 }
const floor = 'JSON.stringify, setItem, removeItem'

await run('One track() call', async (bench) => {
  const { site } = bench
  const single = new Map([floor, ...libraries].map((name) => [name, []]))
  const bursts = new Map(libraries.map((name) => [name, []]))
  let event
  for (let turn = 0; turn < rounds; turn++) {
    for (const library of libraries) {
      single.get(library).push(await timeTrack(library))
      event = JSON.parse(site.log().findLast(({ kind }) => kind === 'event').body)
    }
    single.get(floor).push(await timeFloor(event))
    for (const library of libraries) bursts.get(library).push(await runBurst(library))
  }

  console.log(`\n${calls} calls, each in a task of its own, µs`)
  console.table(table(single, summarizeSingle))
  const p50 = (name) => summarizeSingle(single.get(name))['call p50']
  console.log(`ours × peer ${ratio(p50(ours), p50(peer))}, ours × floor ${ratio(p50(ours), p50(floor))}`)
  const all = (name) => summarizeSingle(single.get(name))['all work of the page']
  console.log(`all work of the page: ours × peer ${ratio(all(ours), all(peer))}`)

  console.log(`\n${burst.tasks * burst.callsInTask} calls in tasks of ${burst.callsInTask}, one every 50 ms`)
  console.table(table(bursts, summarizeBurst))

  async function timeTrack(library) {
    const page = await openPage(bench, 'steady', library)
    const session = await page.context().newCDPSession(page)
    await page.evaluate((count) => window.bench.timeTrack(count), warmUp)
    await drained(warmUp)
    await session.send('Performance.enable')
    const before = await taskSeconds(session)
    const times = await page.evaluate((count) => window.bench.timeTrack(count), calls)
    await drained(warmUp + calls)
    const work = (await taskSeconds(session)) - before
    await page.context().close()
    return { times, work: (work * 1e6) / calls }
  }

  async function timeFloor(example) {
    const page = await openPage(bench, 'floor')
    const session = await page.context().newCDPSession(page)
    await page.evaluate(([count, given]) => window.bench.timeTrack(count, given), [warmUp, example])
    await session.send('Performance.enable')
    const before = await taskSeconds(session)
    const times = await page.evaluate(
      ([count, given]) => window.bench.timeTrack(count, given),
      [calls, example],
    )
    const work = (await taskSeconds(session)) - before
    await page.context().close()
    return { times, work: (work * 1e6) / calls }
  }

  async function runBurst(library) {
    const page = await openPage(bench, 'steady', library)
    const longTasks = await page.evaluate(
      ({ tasks, callsInTask }) => window.bench.burst(tasks, callsInTask),
      burst,
    )
    const arrived = site.events()
    await page.context().close()
    return { ...longTasks, arrived }
  }

  /** What the last calls left to do belongs to them. */
  async function drained(count) {
    const end = Date.now() + 20_000
    while (site.events() < count) {
      if (Date.now() > end) throw new Error(`Only ${site.events()} of ${count} events arrived`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
})

/** What the thread of the page did since it began, in seconds. */
async function taskSeconds(session) {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration').value
}

function table(results, summarize) {
  return Object.fromEntries([...results].map(([name, turns]) => [name, summarize(turns)]))
}

function summarizeSingle(turns) {
  const of = (read) => round(median(turns.map(read)))
  return {
    'call p50': of(({ times }) => quantile(times, 0.5)),
    'call p95': of(({ times }) => quantile(times, 0.95)),
    'call max': of(({ times }) => Math.max(...times)),
    'all work of the page': of(({ work }) => work),
  }
}

function summarizeBurst(turns) {
  const of = (read) => round(median(turns.map(read)))
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)
  return {
    'call p50': of(({ times }) => quantile(times, 0.5)),
    'long tasks during': of(({ during }) => during.length),
    'ms in them': of(({ during }) => sum(during)),
    longest: of(({ during, after }) => Math.max(0, ...during, ...after)),
    'long tasks in the 5 s after': of(({ after }) => after.length),
    'ms in these': of(({ after }) => sum(after)),
    'arrived by then': of(({ arrived }) => arrived),
  }
}
