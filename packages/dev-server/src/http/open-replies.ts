import type { FastifyReply } from 'fastify'
import { Problem } from './problem'

export interface OpenReplies {
  /** A signal that aborts when the caller of this request is gone, or, with a `Problem` to answer, when the server closes. */
  untilGone(reply: FastifyReply): AbortSignal
  /** Ends everything that waits. */
  close(): void
}

/** Knows the answers that take their time, so that closing need not wait for them. */
export function createOpenReplies(): OpenReplies {
  const open = new Set<AbortController>()
  let isClosed = false
  return {
    untilGone(reply) {
      const gone = new AbortController()
      if (isClosed || reply.raw.destroyed) {
        gone.abort(isClosed ? serverClosing() : undefined)
        return gone.signal
      }
      open.add(gone)
      reply.raw.once('close', () => {
        open.delete(gone)
        gone.abort()
      })
      return gone.signal
    },
    close() {
      isClosed = true
      for (const gone of open) gone.abort(serverClosing())
    },
  }
}

function serverClosing(): Problem {
  return new Problem(503, 'server_closing', 'The server was closed before it could answer')
}
