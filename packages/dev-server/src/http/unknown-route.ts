import { eventTypes } from '../events/event-type'
import { Problem } from './problem'

/** What browsers ask of any server by themselves. */
const askedByBrowsers = /^\/(?:favicon\.ico|robots\.txt|apple-touch-icon[^/]*|\.well-known\/.*)$/

const tracking = new Set<string>([
  ...eventTypes,
  ...eventTypes.map((type) => type.charAt(0)),
  'batch',
  'import',
  'b',
  'm',
])

/** The answer to a request that no route takes, with the address that its sender probably meant. */
export function unknownRoute(method: string, path: string): Problem {
  const advice = adviceFor(method, path)
  return new Problem(
    404,
    'route_unknown',
    `There is no ${method} ${path}${advice === undefined ? '' : `. ${advice}`}`,
  )
}

/** Whether somebody who looks on should hear of it. */
export function isMistake(method: string, path: string): boolean {
  return !(method === 'GET' && askedByBrowsers.test(path))
}

function adviceFor(method: string, path: string): string | undefined {
  const name = /\/([^/]+)\/?$/.exec(path)?.[1]?.toLowerCase() ?? ''
  if (/\/settings\/?$/.test(path))
    return 'Settings are at /v1/projects/<write key>/settings: cdnURL should be the address of this server, without a path'
  if (/\.js$/.test(path))
    return 'This server has the settings of a source, but not the library that a snippet loads'
  if (tracking.has(name)) {
    return path.replace(/\/$/, '') === `/v1/${name}`
      ? `It takes POST, not ${method}`
      : `Events go to /v1/${name}: the host of @sluice/node should be the address of this server, without a path; the apiHost of @sluice/browser should end with /v1, once`
  }
  return path === '/v1' || path === '/v1/' ? 'Events go to /v1/batch, /v1/track and the like' : undefined
}
