/** What goes wrong on the way while the shop is open, as it does one day in any network. No event may be lost by it. */

/** For so many requests all is well: they are held up by nothing. */
const fairFor = (/** @type {number} */ times) => ({ kind: 'latency', ms: 0, times })

/** As the dev server takes it at `POST /api/faults`: each has its turn. */
export const badWeather = [
  fairFor(6),
  { kind: 'status', status: 503, times: 2 },
  fairFor(6),
  { kind: 'reset', times: 1 },
  fairFor(6),
  { kind: 'status', status: 429, retryAfter: 1, times: 1 },
]
