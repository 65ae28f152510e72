/** What a newcomer needs: the addresses to look at, and code to paste. */
export interface FirstSteps {
  places: readonly (readonly [name: string, address: string])[]
  code: readonly (readonly [where: string, text: string])[]
}

/**
 * @param url Of the server, without a slash at the end.
 * @param writeKey One that the server takes.
 */
export function firstSteps(url: string, writeKey: string): FirstSteps {
  const key = quoted(writeKey)
  return {
    places: [
      ['Tracking API', `${url}/v1`],
      ['Settings', url + settingsPath(writeKey)],
      ['Test API', `${url}/api/events`],
      ['Live stream', `${url}/api/stream`],
    ],
    code: [
      [
        'Node',
        `import { Analytics } from '@sluice/node'
const analytics = new Analytics({ writeKey: ${key}, host: ${quoted(url)} })`,
      ],
      [
        'Browser',
        // Where events go is said twice, so that they never go elsewhere while the settings cannot be had.
        `import { AnalyticsBrowser } from '@sluice/browser'
const analytics = AnalyticsBrowser.load(
  { writeKey: ${key}, cdnURL: ${quoted(url)} },
  { integrations: { 'Segment.io': { apiHost: ${quoted(`${url.replace(/^http:\/\//, '')}/v1`)}, protocol: 'http' } } },
)`,
      ],
      ['Shell', `curl ${url}/v1/track -u ${inShell(`${writeKey}:`)} -d '{"event":"Hello","userId":"me"}'`],
    ],
  }
}

/** Where browser libraries find the settings of a source. */
export function settingsPath(writeKey: string): string {
  return `/v1/projects/${encodeURIComponent(writeKey)}/settings`
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}

function inShell(text: string): string {
  return /^[\w.:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
