import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { closeServers } from './local-server'

/**
 * For all tests of a file: fails one after which, its servers closed, a socket or timer would keep the process alive,
 * or in which a promise was rejected and nobody heard it.
 */
export function leaveNothingBehind(): void {
  let unheard: unknown[] = []
  const record = (reason: unknown) => unheard.push(reason)
  let before: Record<string, number> = {}

  beforeAll(() => {
    process.on('unhandledRejection', record)
  })
  afterAll(() => {
    process.off('unhandledRejection', record)
  })
  beforeEach(() => {
    unheard = []
    before = keptAliveBy()
  })
  afterEach(async () => {
    await closeServers()
    await until(() => isNoMoreThan(keptAliveBy(), before))

    expect(keptAliveBy()).toSatisfy((now: Record<string, number>) => isNoMoreThan(now, before))
    expect(unheard).toEqual([])
  })
}

/** Resolves when `isTrue`, or after two seconds: what is expected then says more than an error from here. */
export async function until(isTrue: () => boolean): Promise<void> {
  const end = Date.now() + 2_000
  while (!isTrue() && Date.now() < end) await nextTurn()
}

const watched = ['Timeout', 'TCPSocketWrap', 'TCPServerWrap', 'TLSWrap', 'ConnectWrap', 'GetAddrInfoReqWrap']

/** What keeps the process alive, by kind. */
function keptAliveBy(): Record<string, number> {
  const all = process.getActiveResourcesInfo()
  return Object.fromEntries(watched.map((kind) => [kind, all.filter((found) => found === kind).length]))
}

function isNoMoreThan(now: Record<string, number>, before: Record<string, number>): boolean {
  return watched.every((kind) => (now[kind] ?? 0) <= (before[kind] ?? 0))
}
