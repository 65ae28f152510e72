import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { answerRaw } from './answer-raw'
import { Problem } from './problem'

/** Takes over what Node's server would answer by itself, without a body or not at all. */
export function answerBeforeNode(server: Server): void {
  // The hooks refuse it by its header, as they refuse everything else.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  server.on('connect', (_request, connection: Duplex) => {
    answerRaw(new Problem(405, 'method_not_allowed', 'This server is not a proxy'), connection)
  })
}

/** Refuses an `Expect` header that asks for more than "may I go on", which Node answers. */
export function refuseExpectation(expect: string | undefined): void {
  if (expect === undefined || /(?:^|\W)100-continue(?:$|\W)/i.test(expect)) return
  throw new Problem(417, 'expectation_failed', 'The only expectation this server meets is 100-continue', {
    where: 'expect',
  })
}
