import { describe, expect, it } from 'vitest'
import { onPage, type Page, type PageSetting } from '../../src/browser/page'
import { type BrowserSubject, browserSegment, browserSluice } from '../../src/browser/subjects'

const subjects = [browserSegment, browserSluice]

/** What is in the browser when a page has been left, other things than cookies. */
async function leaving(
  subject: BrowserSubject,
  setting: PageSetting,
  script: (page: Page) => Promise<unknown>,
): Promise<{ localStorage: Record<string, string>; ids: unknown[] }> {
  let localStorageThen: Record<string, string> = {}
  let ids: unknown[] = []
  await onPage(subject, setting, async (page) => {
    await script(page)
    page.leave()
    localStorageThen = { ...localStorage }
    const sent = page.sent().flatMap((body) => (Array.isArray(body.batch) ? body.batch : [body]))
    ids = sent.map(({ messageId }) => messageId)
  })
  return { localStorage: localStorageThen, ids }
}

/** The ids and names of the events that a fresh page with this storage sends without being told to. */
async function found(
  subject: BrowserSubject,
  localStorageBefore: Record<string, string>,
  writeKey = 'the-key',
) {
  let sent: Record<string, unknown>[] = []
  await onPage(subject, { localStorage: localStorageBefore }, async (page) => {
    await page.start({}, { writeKey, cdnSettings: { integrations: { 'Segment.io': { apiKey: writeKey } } } })
    await page.pass(60_000)
    sent = page.sent()
  })
  return sent
}

const failing: PageSetting = { replies: [500] }

async function twoFail(page: Page): Promise<void> {
  const client = await page.start()
  void client.track('A', { a: 1 })
  void client.identify('u', { b: 1 })
  await page.pass(10)
}

describe.each(subjects)('events that a page with $name could not send', (subject) => {
  it('are sent by the next one, with the same ids', async () => {
    const { localStorage: left, ids } = await leaving(subject, failing, twoFail)

    const sent = await found(subject, left)

    expect(sent.map(({ messageId }) => messageId).sort()).toEqual([...new Set(ids)].sort())
    expect(sent.map(({ type, event }) => event ?? type).sort()).toEqual(['A', 'identify'])
  })

  it('are not sent by a page of another source', async () => {
    const { localStorage: left } = await leaving(subject, failing, twoFail)

    expect(await found(subject, left, 'another-key')).toEqual([])
  })

  it('leave nothing behind once they are sent', async () => {
    const { localStorage: left } = await leaving(subject, failing, twoFail)
    let after: string[] = []

    await onPage(subject, { localStorage: left }, async (page) => {
      await page.start()
      await page.pass(60_000)
      page.leave()
      after = Object.values({ ...localStorage })
    })

    expect(after.filter((text) => text.includes('messageId'))).toEqual([])
  })
})

describe('events that a page with the peer could not send', () => {
  it('are sent by ours, with the same ids and contents', async () => {
    const { localStorage: left, ids } = await leaving(browserSegment, failing, twoFail)

    const sent = await found(browserSluice, left)

    expect(sent.map(({ messageId }) => messageId).sort()).toEqual([...new Set(ids)].sort())
    expect(sent.map(({ properties, traits }) => properties ?? traits)).toEqual(
      expect.arrayContaining([{ a: 1 }, { b: 1 }]),
    )
  })

  it('are found by the peer only when there is another event, if they had not come to its destination (W-26)', async () => {
    const event = {
      type: 'track',
      event: 'Waiting',
      properties: {},
      messageId: 'waiting',
      timestamp: '2031-05-17T09:00:00.000Z',
      context: { page: {} },
      integrations: {},
      anonymousId: 'visitor',
    }
    const left = {
      'persisted-queue:v1:the-key:event-queue:items': JSON.stringify([
        { id: '1', event, logs: [], metrics: [] },
      ]),
      'persisted-queue:v1:the-key:event-queue:seen': JSON.stringify({ 1: 1 }),
    }

    expect((await found(browserSegment, left)).map(({ messageId }) => messageId)).toEqual([])
    expect((await found(browserSluice, left)).map(({ messageId }) => messageId)).toEqual(['waiting'])
  })
})
