import { expect, it } from 'vitest'
import { onPage, type Page, type PageSetting } from './page'
import { browserSegment, browserSluice } from './subjects'

const only = process.env.COMPAT_SUBJECT

/** Declares a test: the same script on a fresh page shows the same facts with either library. */
export function agrees(
  title: string,
  script: (page: Page) => Promise<unknown>,
  setting: PageSetting = {},
): void {
  it(title, async () => {
    const segment = await onPage(browserSegment, setting, script)
    expect(segment).toBeDefined()
    if (process.env.COMPAT_PRINT) process.stdout.write(`${title}\n${JSON.stringify(segment, null, 2)}\n`)
    if (only === 'segment') return

    const sluice = await onPage(browserSluice, setting, script)

    expect(sluice).toEqual(segment)
  })
}

export interface PageDifference {
  setting?: PageSetting
  script(page: Page): Promise<unknown>
  segment: unknown
  sluice: unknown
}

/** Declares two tests: the same script shows the weakness with the one library and not with the other. */
export function shows(title: string, { setting = {}, script, ...expected }: PageDifference): void {
  for (const subject of [browserSegment, browserSluice]) {
    if (only !== undefined && only !== subject.name) continue
    it(`${title} (${subject.name})`, async () => {
      expect(await onPage(subject, setting, script)).toEqual(expected[subject.name])
    })
  }
}
