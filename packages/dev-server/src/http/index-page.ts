import { createHash } from 'node:crypto'
import { firstSteps, settingsPath } from '../first-steps'

const style = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}
body{max-width:56rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.05rem;margin-top:2rem}
dt{font-weight:600}dd{margin:0 0 .5rem}
pre{overflow-x:auto;padding:.75rem;border:1px solid #8884;border-radius:6px}`

/** Lets the page have its own style, and nothing else. */
export const indexPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256')
  .update(style)
  .digest('base64')}'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`

export interface IndexFacts {
  version: string
  /** Where the reader has found the server. */
  url: string
  writeKey: string
}

/** What there is to see, with a word on each. */
export function indexPlaces({ writeKey }: IndexFacts): readonly (readonly [path: string, what: string])[] {
  return [
    ['/api/events', 'The events that arrived, newest last; filters such as ?event=Hello&status=failed'],
    ['/api/counts', 'How many there were: accepted, duplicates, failed, refused'],
    ['/api/stream', 'What arrives from now on, as server-sent events'],
    ['/api/faults', 'The faults in force, which make the server fail on purpose'],
    [settingsPath(writeKey), 'The settings that browser libraries load'],
    ['/health', 'Name, version, uptime and counts'],
  ]
}

/** The index as a page: no script, nothing from elsewhere. */
export function indexPage(facts: IndexFacts): string {
  const { url, writeKey, version } = facts
  const places = indexPlaces(facts).map(
    ([path, what]) => `<dt><a href="${escaped(path)}">${escaped(path)}</a></dt><dd>${escaped(what)}</dd>`,
  )
  const code = firstSteps(url, writeKey).code.map(
    ([where, text]) => `<h2>${escaped(where)}</h2>\n<pre><code>${escaped(text)}</code></pre>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sluice dev server</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<h1>Sluice dev server <small>${escaped(version)}</small></h1>
<p>A Tracking API on your own machine. Events go to <code>${escaped(url)}/v1</code>.</p>
<dl>
${places.join('\n')}
</dl>
${code.join('\n')}
</body>
</html>
`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
