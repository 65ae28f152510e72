/** A web site, another one to leave for, a CDN and a Tracking API, each an origin of its own on this machine. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { settings } from '../browser/subjects.mjs'

/** `latencyMs` goes by before every answer of the site and the Tracking API, `elsewhereMs` before one of the other site. */
export async function startWorld({ latencyMs, elsewhereMs }) {
  /** What the pages of the next visit are made of. */
  const next = { bundle: undefined, given: undefined, count: 1 }
  /** Every visit has events of its own: pages of an earlier one may still be sending theirs. */
  let visits = 0
  /** How often each event has arrived, by its name, and which of them were answered. */
  let arrived = new Map()
  let answered = new Set()

  const site = await listen(async (request, response) => {
    await read(request)
    const { pathname } = new URL(request.url, 'http://site')
    if (pathname.startsWith('/scripts/')) {
      const file = next.bundle.files.get(pathname.slice('/scripts/'.length))
      response.writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'max-age=600' }).end(file)
      return
    }
    const isElsewhere = pathname === '/elsewhere'
    const text = isElsewhere ? '<!doctype html><title>Elsewhere</title>' : html(pathname)
    const answer = () => response.writeHead(200, { 'content-type': 'text/html' }).end(text)
    setTimeout(answer, isElsewhere ? elsewhereMs : latencyMs)
  })

  // Another site: browsers go by names, not by addresses.
  const elsewhere = `${site.url.replace('127.0.0.1', 'localhost')}/elsewhere`

  const html = (pathname) => {
    const { bundle, given, count } = next
    const config = {
      given: given({ cdn: cdn.url, api: api.url }),
      names: Array.from({ length: count }, (_, index) => `${prefix()}${index + 1}`),
      elsewhere,
      isQuick: pathname === '/quick',
    }
    return `<!doctype html>
<title>Leaving</title>
<link rel="icon" href="data:,">
<a id="link" href="${elsewhere}">Leave</a>
<a id="onward" href="/onward">Go on</a>
<form id="form" action="${elsewhere}" method="post"><button>Send</button></form>
<a id="tracked-link" href="${elsewhere}">Leave</a>
<form id="tracked-form" action="${elsewhere}" method="post"><button>Send</button></form>
<script>leaving = ${JSON.stringify(config)}</script>
<script type="module" src="/scripts/${bundle.entry}"></script>`
  }

  const cdn = await listen((_, response) => {
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'application/json' })
    response.end(settings)
  })

  const api = await listen(async (request, response) => {
    const body = await read(request)
    const names = request.method === 'POST' ? namesIn(JSON.parse(body)) : []
    for (const name of names) arrived.set(name, (arrived.get(name) ?? 0) + 1)
    const headers = {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'content-type, authorization, x-retry-count',
      'access-control-allow-methods': 'POST',
      'access-control-max-age': '600',
      'content-type': 'application/json',
    }
    setTimeout(() => {
      for (const name of names) answered.add(name)
      response.writeHead(200, headers).end('{"success":true}')
    }, latencyMs)
  })

  const prefix = () => `Event ${visits}.`
  const namesIn = ({ batch, ...single }) => (batch ?? [single]).map(({ event }) => event)
  const timesOfEvents = () =>
    [...arrived].filter(([name]) => name.startsWith(prefix())).map(([, times]) => times)

  const servers = [site, cdn, api]
  return {
    url: site.url,
    next,
    /** The next visitor finds nothing that has arrived, and has to connect anew. */
    forget() {
      visits++
      arrived = new Map()
      answered = new Set()
      for (const { server } of servers) server.closeAllConnections()
    },
    /** Events that have arrived. */
    delivered: () => timesOfEvents().length,
    /** Arrivals of events that had arrived before. */
    repeated: () => timesOfEvents().reduce((sum, times) => sum + times - 1, 0),
    hasAnswered: (name) => answered.has(name),
    close() {
      for (const { server } of servers) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}

async function listen(answer) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${server.address().port}` }
}

async function read(request) {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += part
  return text
}
