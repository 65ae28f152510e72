import { expect } from 'vitest'
import { comparable } from './comparable'
import { type Facts, type Script, visit } from './visit'

/** The same visit with either library, at the same time; everything that can be seen of it must be the same. */
export async function expectSame(script: Script): Promise<Facts> {
  const { segment, sluice } = await visitWithBoth(script)
  expect(sluice).toEqual(segment)
  return segment
}

/** The same visit with either library, at the same time. Neither may talk to strangers or leave an error uncaught. */
export async function visitWithBoth(script: Script): Promise<{ segment: Facts; sluice: Facts }> {
  const [segment, sluice] = (
    await Promise.all([
      visit('segment', script),
      process.env.COMPAT_SUBJECT === 'segment' ? undefined : visit('sluice', script),
    ])
  ).map((facts) => facts && comparable(facts))
  if (!segment) throw new Error('There are two visits')
  if (process.env.COMPAT_PRINT) console.log(JSON.stringify(segment, null, 1))
  const both = { segment, sluice: sluice ?? segment }
  for (const { strays, errors } of Object.values(both))
    expect({ strays, errors }).toEqual({ strays: [], errors: [] })
  return both
}
