import { expect, it } from 'vitest'
import { visitWithBoth } from './same'
import type { Facts, Script } from './visit'

/** Where the libraries differ on purpose. */
export interface Difference<Part> {
  /** What is better so. */
  readonly reason: string
  readonly script: Script
  /** The part of the facts in which they differ. */
  of(facts: Facts): Part
  readonly segment: Part
  readonly sluice: Part
}

/** Declares a test of a visit that shows the difference. */
export function differs<Part>(
  title: string,
  { reason, script, of, segment, sluice }: Difference<Part>,
): void {
  it(title, async () => {
    const facts = await visitWithBoth(script)
    expect(of(facts.segment), 'Segment').toEqual(segment)
    if (facts.sluice !== facts.segment) expect(of(facts.sluice), reason).toEqual(sluice)
  })
}
