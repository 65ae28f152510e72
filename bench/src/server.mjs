/** A Tracking API that only counts, in a process of its own, so that its work is not measured. */
import { createServer } from 'node:http'

let requests = 0
let bytes = 0

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify({ requests, bytes }))
    requests = 0
    bytes = 0
    return
  }
  request.on('data', (chunk) => {
    bytes += chunk.length
  })
  request.on('end', () => {
    requests++
    response.setHeader('content-type', 'application/json')
    response.end('{"success":true}')
  })
})

server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
process.on('disconnect', () => process.exit())
