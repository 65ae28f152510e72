/** Runs something often, with other tasks of the page in between. */

/** How long each call takes, in µs. Between two the page has time for what the first one left to do. */
export async function timeEach(calls, run) {
  if (!crossOriginIsolated) throw new Error('The clock of this page is too coarse')
  const times = []
  for (let number = 0; number < calls; number++) {
    await pause(2)
    const start = performance.now()
    run(number)
    times.push((performance.now() - start) * 1_000)
  }
  return times
}

/** Some calls in each of some tasks, and how long each took, in µs. */
export async function inTasks(tasks, callsInTask, run) {
  const times = []
  for (let task = 0; task < tasks; task++) {
    await pause(50)
    for (let call = 0; call < callsInTask; call++) {
      const start = performance.now()
      run(task * callsInTask + call)
      times.push((performance.now() - start) * 1_000)
    }
  }
  return times
}

/** The tasks of more than 50 ms while something runs, and for some time after it, in ms. */
export async function countLongTasks(run, watchMs) {
  const tasks = []
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) tasks.push({ startTime, duration })
  })
  observer.observe({ type: 'longtask' })
  const times = await run()
  const end = performance.now()
  await pause(watchMs)
  observer.disconnect()
  const durations = (isWanted) => tasks.filter(isWanted).map(({ duration }) => duration)
  return {
    times,
    during: durations(({ startTime }) => startTime < end),
    after: durations(({ startTime }) => startTime >= end),
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
