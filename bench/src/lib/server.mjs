/**
 * A Tracking API that only counts, in a process of its own, so that its work is not measured. It can be ill:
 * `node server.mjs '{"failing":{"status":503,"ms":3000}}'`. A GET answers what it has seen, and begins anew.
 */
import { createServer } from 'node:http'

const { illness = {}, countsIds = false, port = 0 } = JSON.parse(process.argv[2] ?? '{}')
let seen = fresh()
let firstRequestAt

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    const { ids, ...others } = seen
    response.end(JSON.stringify({ ...others, unique: ids.size }))
    seen = fresh()
    return
  }
  firstRequestAt ??= Date.now()
  const chunks = []
  request.on('data', (chunk) => {
    seen.bytes += chunk.length
    if (countsIds) chunks.push(chunk)
  })
  request.on('end', () => {
    seen.requests++
    if (isIll(request, response)) return
    if (countsIds) {
      for (const { messageId } of JSON.parse(Buffer.concat(chunks)).batch) {
        seen.events++
        seen.ids.add(messageId)
      }
    }
    response.setHeader('content-type', 'application/json')
    response.end('{"success":true}')
  })
})

server.listen(port, '127.0.0.1', () => process.send?.(server.address()))
process.on('disconnect', () => process.exit())

function fresh() {
  return { requests: 0, refused: 0, bytes: 0, events: 0, ids: new Set() }
}

function isIll(request, response) {
  const { status, ms = Number.POSITIVE_INFINITY, share = 1, retryAfter, resets } = illness
  const strikes = (status || resets) && Date.now() - firstRequestAt < ms && Math.random() < share
  if (!strikes) return false
  seen.refused++
  if (resets) request.socket.destroy()
  else response.writeHead(status, retryAfter ? { 'Retry-After': retryAfter } : {}).end()
  return true
}
