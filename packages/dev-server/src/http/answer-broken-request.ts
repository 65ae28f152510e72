import type { Socket } from 'node:net'
import { Problem } from './problem'
import { securityHeaders } from './security-headers'

/** Answers what is not even HTTP, in the form that every other error has, and hangs up. */
export function answerBrokenRequest(error: { code?: string; message: string }, socket: Socket): void {
  // After a reset nobody is there to read.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, phrase] = statusOf(error.code)
  const body = JSON.stringify(new Problem(status, 'request_not_usable', error.message))
  const headers = { ...securityHeaders, 'content-type': 'application/json', connection: 'close' }
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body) }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  socket.end(`HTTP/1.1 ${status} ${phrase}\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
}

function statusOf(code: string | undefined): [number, string] {
  if (code === 'HPE_HEADER_OVERFLOW') return [431, 'Request Header Fields Too Large']
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return [408, 'Request Timeout']
  return [400, 'Bad Request']
}
