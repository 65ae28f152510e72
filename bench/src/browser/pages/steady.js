/* global config */
// The page of a benchmark: it keeps its client, and what is to be done with it.
import { AnalyticsBrowser } from 'library'
import { order } from './support/order'
import { countLongTasks, inTasks, timeEach } from './support/tasks'

const analytics = AnalyticsBrowser.load(...config)

window.bench = {
  ready: async () => {
    await analytics
  },
  track: (number) => analytics.track('Order Completed', order(number)),
  identify: (plan) => analytics.identify('user-1', { plan, name: 'Jane' }),
  page: () => analytics.page('Docs', 'Quick start'),
  /** Tracks one event in each task and answers how long each call took, in µs. */
  timeTrack: (calls) => timeEach(calls, (number) => analytics.track('Order Completed', order(number))),
  /** Tracks as many in each of some tasks, and watches the page until 5 s later. */
  burst: (tasks, callsInTask) =>
    countLongTasks(() => inTasks(tasks, callsInTask, (number) => bench.track(number)), 5_000),
}
