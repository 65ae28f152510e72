import type { FastifyInstance } from 'fastify'
import type { Arrival } from '../feed/arrivals'
import { noticeJson } from '../feed/notice'
import type { ServerParts } from '../server-parts'

// Proxies and browsers drop a stream that says nothing for half a minute or more.
const heartbeatMs = 15_000
// A reader that falls so far behind is skipped over rather than kept in memory.
const backlogBytes = 8 * 1024 * 1024

/**
 * Tells whoever listens what arrives, as server-sent events named `batch`, `refused` and `reset`. A reader that is too slow
 * gets `skipped` with the number of notices it missed. To be registered under `/api`.
 */
export function streamRoutes(
  app: FastifyInstance,
  { arrivals, replies }: Pick<ServerParts, 'arrivals' | 'replies'>,
): void {
  const bytesOf = createArrivalBytes()

  app.get('/stream', (_request, reply) => {
    const { raw } = reply
    const signal = replies.untilGone(reply)
    let skipped = 0

    reply.hijack()
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) raw.setHeader(name, value)
    }
    raw.writeHead(200, { 'content-type': 'text/event-stream' })
    // The first bytes tell the reader that everything from here on will be told.
    raw.write(': listening\n\n')

    const stopListening = arrivals.listen((arrival) => {
      if (raw.writableLength > backlogBytes) {
        skipped += 1
        return
      }
      if (skipped > 0) raw.write(message('skipped', JSON.stringify({ kind: 'skipped', notices: skipped })))
      skipped = 0
      raw.write(bytesOf(arrival))
    })
    const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs)
    const stop = () => {
      stopListening()
      clearInterval(heartbeat)
      raw.end()
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}

/** The bytes of an arrival, made once: all readers hear of it in turn, and those that fall behind keep the same. */
function createArrivalBytes(): (arrival: Arrival) => Buffer {
  let last: { arrival: Arrival; bytes: Buffer } | undefined
  return (arrival) => {
    if (last?.arrival !== arrival) {
      last = { arrival, bytes: Buffer.from(message(arrival.kind, noticeJson(arrival))) }
    }
    return last.bytes
  }
}

function message(event: string, data: string): string {
  return `event: ${event}\ndata: ${data}\n\n`
}
