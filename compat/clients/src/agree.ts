import { expect, it } from 'vitest'
import { differences } from './differences'
import type { Library } from './libraries'
import { type Facts, type Script, visit } from './visit'

/** Declares a test: what comes of the client's page is the same on either library, but for the listed differences. */
export function agree(title: string, script: Script): void {
  // Most of a visit is waiting.
  it.concurrent(title, async () => {
    const [segment, sluice] = await Promise.all([visit('segment', script), visit('sluice', script)])
    if (process.env.COMPAT_PRINT) console.log(JSON.stringify(segment, null, 1))

    expect(names(segment)).toEqual([...script.sends].sort())
    expect(segment.received).toEqual(script.receives ?? [])
    expect(segment.vendor).toHaveLength(script.toVendor ?? 0)
    expect(applied('sluice', sluice, script)).toEqual(applied('segment', segment, script))
  })
}

function names({ events }: Facts): unknown[] {
  return events.map(({ event, name, type }) => event ?? name ?? type).sort()
}

/** The facts without what differs on purpose. */
function applied(library: Library, facts: Facts, { page, scenario }: Script): Facts {
  const listed = differences.filter((one) => one.page === page && one.scenarios.includes(scenario))
  return listed.reduce((left, { [library]: setAside }) => setAside(left), facts)
}
