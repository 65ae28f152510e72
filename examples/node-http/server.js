/** The shop as an HTTP server. `PORT`, `SLUICE_WRITE_KEY` and `SLUICE_HOST` say where it listens and whom it tells. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { createShopAnalytics, describeRequest } from './analytics.js'
import { notFound, routes } from './routes.js'
import { createShop } from './shop.js'

const port = Number(process.env.PORT ?? 3000)
const shop = createShop()
const analytics = createShopAnalytics({
  writeKey: process.env.SLUICE_WRITE_KEY ?? 'dev',
  host: process.env.SLUICE_HOST ?? 'http://127.0.0.1:4777',
})

const server = createServer((request, response) => {
  answer(request)
    .catch((cause) => {
      console.error(`${request.method} ${request.url} failed`, cause)
      return { html: 'Something went wrong.', status: 500, visitorId: undefined }
    })
    .then((answered) => send(response, answered))
})

server.listen(port, '127.0.0.1', () => console.log(`The shop is open at http://127.0.0.1:${port}`))

// A deploy, a scale-down and Ctrl-C all end here.
process.on('SIGTERM', close)
process.on('SIGINT', close)

function close() {
  if (!server.listening) return
  // Requests first, for they still track; then what they tracked. With nothing left to do, the process ends.
  server.close(async () => {
    await analytics.close()
    console.log(`The shop is closed: ${JSON.stringify(analytics.stats)}`)
  })
}

/** @param {import('node:http').IncomingMessage} request */
async function answer(request) {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`)
  const [, place = '', id = ''] = url.pathname.split('/')
  const visitorId = readVisitorId(request) ?? randomUUID()

  if (place === 'stats') return { json: analytics.stats, visitorId }

  const route = routes[`${request.method} /${place}`]
  if (!route) return { ...notFound, visitorId }

  const form = new URLSearchParams(request.method === 'POST' ? await text(request) : '')
  const context = describeRequest(request, url)
  const tell = () => analytics.of({ id: visitorId, customerId: shop.customerOf(visitorId)?.id, context })
  return { ...route({ visitorId, url, id, form, shop, tell }), visitorId }
}

/** @param {import('node:http').IncomingMessage} request */
const readVisitorId = (request) => /(?:^|; )visitor=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1]

/**
 * @param {import('node:http').ServerResponse} response
 * @param {import('./routes.js').Answer & { visitorId: string | undefined }} answered
 */
function send(response, answered) {
  // While closing, a connection that is kept open for the next request would only hold us up.
  if (!server.listening) response.setHeader('Connection', 'close')
  if (answered.visitorId) {
    response.setHeader(
      'Set-Cookie',
      `visitor=${answered.visitorId}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000`,
    )
  }
  if ('location' in answered) {
    response.writeHead(303, { Location: answered.location }).end()
  } else if ('json' in answered) {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answered.json))
  } else {
    response
      .writeHead(answered.status ?? 200, { 'Content-Type': 'text/html; charset=utf-8' })
      .end(answered.html)
  }
}
