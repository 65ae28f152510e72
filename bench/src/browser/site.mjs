/** A web site, its CDN and its Tracking API, each an origin of its own on this machine. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { performance } from 'node:perf_hooks'
import { loadArguments, settings } from './subjects.mjs'

/** `behaviour` may be changed at any time. */
export async function startSite() {
  const behaviour = {
    /** What the page is made of: see `bundle`. */
    bundle: undefined,
    cdnDelayMs: 0,
    /** Before every answer, but those of the CDN: how far away everything is. */
    latencyMs: 0,
    /** Of the settings. */
    cacheControl: 'no-cache',
  }
  let log = []
  let events = 0
  const later = (ms, run) => (ms > 0 ? setTimeout(run, ms) : run())

  const site = await listen((request, response) => {
    const { pathname } = new URL(request.url, 'http://site')
    log.push({ kind: pathname.startsWith('/scripts/') ? 'script' : 'page', pathname, at: performance.now() })
    later(behaviour.latencyMs, () => answerPage(pathname, response))
  })

  const answerPage = (pathname, response) => {
    const { files, initial, entry } = behaviour.bundle
    if (pathname.startsWith('/scripts/')) {
      const file = files.get(pathname.slice('/scripts/'.length))
      response.writeHead(file ? 200 : 404, {
        'content-type': 'text/javascript',
        'cache-control': 'public, max-age=31536000, immutable',
      })
      response.end(file)
      return
    }
    response.writeHead(200, {
      'content-type': 'text/html',
      'cache-control': 'no-cache',
      // Pages that are isolated from all others get a clock that is exact to 5 µs.
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    })
    const isEmpty = pathname === '/empty'
    response.end(isEmpty ? '<!doctype html><link rel="icon" href="data:,">' : html(initial, entry))
  }

  const html = (initial, entry) => `<!doctype html>
<title>Bench</title>
<link rel="icon" href="data:,">
${initial.map((file) => `<link rel="modulepreload" href="/scripts/${file}">`).join('\n')}
<script>config = ${JSON.stringify(loadArguments({ cdn: cdn.url, api: api.url }))}</script>
<script type="module" src="/scripts/${entry}"></script>`

  const cdn = await listen((request, response) => {
    log.push({ kind: 'cdn', pathname: request.url, at: performance.now() })
    later(behaviour.cdnDelayMs, () => {
      response.writeHead(request.url.endsWith('/settings') ? 200 : 404, {
        'access-control-allow-origin': '*',
        'content-type': 'application/json',
        'cache-control': behaviour.cacheControl,
      })
      response.end(settings)
    })
  })

  const api = await listen((request, response) => {
    const kind = request.method === 'OPTIONS' ? 'preflight' : 'event'
    const entry = { kind, pathname: request.url, at: performance.now(), body: '' }
    log.push(entry)
    request.setEncoding('utf8')
    request.on('data', (part) => {
      entry.body += part
    })
    request.on('end', () => {
      if (kind === 'event') events += countEvents(entry.body)
      const headers = {
        'access-control-allow-origin': '*',
        'access-control-allow-headers': 'content-type, authorization, x-retry-count',
        'access-control-allow-methods': 'POST',
        'access-control-max-age': '600',
        'content-type': 'application/json',
      }
      later(behaviour.latencyMs, () => response.writeHead(200, headers).end('{"success":true}'))
    })
  })

  const servers = [site, cdn, api]
  return {
    url: site.url,
    behaviour,
    /** Everything asked for since `forget`, in order. */
    log: () => log,
    /** Events that arrived since `forget`. */
    events: () => events,
    forget() {
      log = []
      events = 0
    },
    /** The next visitor has to connect anew. */
    disconnect() {
      for (const { server } of servers) server.closeAllConnections()
    },
    /** Resolves with the log once something of that kind is in it. */
    async until(kind, timeLimitMs = 15_000) {
      const end = performance.now() + timeLimitMs
      while (!log.some((entry) => entry.kind === kind)) {
        if (performance.now() > end) throw new Error(`No ${kind} within ${timeLimitMs} ms`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      return log
    },
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

function countEvents(body) {
  const { batch } = JSON.parse(body)
  return Array.isArray(batch) ? batch.length : 1
}
