import { expect, it } from 'vitest'
import { type NodeSubject, nodeSegment, nodeSluice } from './subjects'

/** What one script shows with each library: facts that can be compared as a whole. */
export interface Difference<Facts> {
  script(subject: NodeSubject): Promise<Facts>
  segment: Facts
  sluice: Facts
}

/** Declares two tests: the same script shows the weakness in the one library and not in the other. */
export function shows<Facts>(title: string, { script, segment, sluice }: Difference<Facts>): void {
  const expected = { segment, sluice }
  for (const subject of [nodeSegment, nodeSluice]) {
    if (process.env.COMPAT_SUBJECT !== undefined && process.env.COMPAT_SUBJECT !== subject.name) continue
    it(`${title} (${subject.name})`, async () => {
      await subject.load()

      expect(await script(subject)).toEqual(expected[subject.name])
    })
  }
}
