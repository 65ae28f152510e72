import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Problem } from './problem'
import { securityHeaders } from './security-headers'

// Long enough for the answer to be read; whoever does not hang up by then is hung up on.
const lingerMs = 1_000

/** Answers on a bare connection, where there is no request to answer, in the form that every other error has, and hangs up. */
export function answerRaw(problem: Problem, connection: Duplex): void {
  const body = JSON.stringify(problem)
  const headers = { ...securityHeaders, 'content-type': 'application/json', connection: 'close' }
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body) }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  connection.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`,
  )
  const timer = setTimeout(() => connection.destroy(), lingerMs).unref()
  connection.on('error', () => connection.destroy()).once('close', () => clearTimeout(timer))
}
