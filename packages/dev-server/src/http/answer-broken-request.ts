import type { Socket } from 'node:net'
import { answerRaw } from './answer-raw'
import { Problem } from './problem'

/** Answers what is not even HTTP. */
export function answerBrokenRequest(error: { code?: string; message: string }, socket: Socket): void {
  // After a reset nobody is there to read.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  answerRaw(new Problem(statusOf(error.code), 'request_not_usable', error.message), socket)
}

function statusOf(code: string | undefined): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408
  return 400
}
