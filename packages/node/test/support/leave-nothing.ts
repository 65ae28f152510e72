import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { closeServers } from './local-server'

/**
 * For all tests of a file: fails one after which, its servers closed, a socket would keep the process alive, or in which
 * a promise was rejected and nobody heard it. At the end of the file no timer may be left either; until then there are
 * those of the test runner.
 */
export function leaveNothingBehind(): void {
  let unheard: unknown[] = []
  const record = (reason: unknown) => unheard.push(reason)

  beforeAll(() => {
    process.on('unhandledRejection', record)
  })
  afterAll(async () => {
    process.off('unhandledRejection', record)
    await until(() => keptAliveBy(timers).length === 0)

    expect(keptAliveBy(timers)).toEqual([])
  })
  beforeEach(() => {
    unheard = []
  })
  afterEach(async () => {
    await closeServers()
    await until(() => keptAliveBy(sockets).length === 0)

    expect(keptAliveBy(sockets)).toEqual([])
    expect(unheard).toEqual([])
  })
}

/** Resolves when `isTrue`, or after twenty seconds: what is expected then says more than an error from here. */
export async function until(isTrue: () => boolean): Promise<void> {
  const end = Date.now() + 20_000
  while (!isTrue() && Date.now() < end) await nextTurn()
}

const timers = ['Timeout']
const sockets = ['TCPSocketWrap', 'TCPServerWrap', 'TLSWrap', 'ConnectWrap', 'GetAddrInfoReqWrap']

/** Which of these kinds of things keep the process alive now. */
function keptAliveBy(kinds: string[]): string[] {
  return process.getActiveResourcesInfo().filter((kind) => kinds.includes(kind))
}
