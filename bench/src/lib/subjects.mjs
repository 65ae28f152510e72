/** Who is measured: each makes a client that tracks and, at the end, delivers everything. */
import { bareLoop } from './floor.mjs'

export const subjects = {
  'bare loop, node:http': async ({ host, flushAt }) =>
    bareLoop({ host, flushAt: flushAt ?? 15, client: 'http' }),
  'bare loop, fetch': async ({ host, flushAt }) =>
    bareLoop({ host, flushAt: flushAt ?? 15, client: 'fetch' }),
  '@segment/analytics-node': async (settings) => {
    const { Analytics } = await import('@segment/analytics-node')
    return client(new Analytics({ writeKey: 'k', ...settings }))
  },
  '@sluice/node': async (settings) => {
    const { Analytics } = await import('@sluice/node')
    return client(new Analytics({ writeKey: 'k', ...settings }))
  },
  '@sluice/node, NodeHTTPClient': async (settings) => {
    const { Analytics, NodeHTTPClient } = await import('@sluice/node')
    return client(new Analytics({ writeKey: 'k', httpClient: new NodeHTTPClient(), ...settings }))
  },
}

const client = (analytics) => ({
  track: (params) => analytics.track(params),
  close: () => analytics.closeAndFlush(),
})
