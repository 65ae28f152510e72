import type { DevServer } from '../create-dev-server'

/** What stands on the screen after the start: where to send, with which key, and code to paste. */
export function welcome({ url, writeKeys, storePath }: DevServer): string {
  const writeKey = writeKeys[0] ?? 'any'
  return `
  Sluice dev server

  Tracking API   ${url}/v1
  Settings       ${url}/v1/projects/${writeKey}/settings
  Test API       ${url}/api/events
  Live stream    ${url}/api/stream
  Write keys     ${writeKeys.join(', ') || 'any'}
  Store          ${storePath ?? 'in memory'}

  Node
    import { Analytics } from '@sluice/node'
    const analytics = new Analytics({ writeKey: '${writeKey}', host: '${url}' })

  Browser
    import { AnalyticsBrowser } from '@sluice/browser'
    const analytics = AnalyticsBrowser.load({ writeKey: '${writeKey}', cdnURL: '${url}' })

  Shell
    curl ${url}/v1/track -u ${writeKey}: -d '{"event":"Hello","userId":"me"}'

  Ctrl-C ends it.
`
}
