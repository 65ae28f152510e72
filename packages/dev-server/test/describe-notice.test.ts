import { expect, it } from 'vitest'
import { describeNotice } from '../src/cli/describe-notice'
import type { EventRecord, Notice } from '../src/index'

const facts = {
  seq: 1,
  writeKey: 'dev',
  userId: 'u1',
  anonymousId: null,
  channel: 'server',
  receivedAt: '2026-12-01T10:00:00.000Z',
} as const

const accepted = (event: string): EventRecord => ({
  ...facts,
  status: 'accepted',
  type: 'track',
  messageId: `m-${event}`,
  event,
  payload: {
    type: 'track',
    messageId: `m-${event}`,
    channel: 'server',
    context: {},
    integrations: {},
    timestamp: facts.receivedAt,
    originalTimestamp: facts.receivedAt,
    receivedAt: facts.receivedAt,
    version: 2,
  },
})

const failed = (event: string | null, field?: string): EventRecord => ({
  ...facts,
  status: 'failed',
  type: 'track',
  messageId: `m-${event}`,
  event,
  payload: {},
  failure: {
    reason: 'field_not_object',
    ...(field === undefined ? {} : { field }),
    message: 'properties must be an object, not an array',
  },
})

const batch = (events: EventRecord[]): Notice => ({
  kind: 'batch',
  route: 'batch',
  writeKey: 'dev',
  channel: 'server',
  receivedAt: facts.receivedAt,
  bytes: 100,
  duplicates: 0,
  accepted: events.filter(({ status }) => status === 'accepted').length,
  failed: events.filter(({ status }) => status === 'failed').length,
  events,
})

it('names every event that failed, with field and sentence, wherever it stands in the batch', () => {
  const six = ['A', 'B', 'C', 'D', 'E', 'F'].map(accepted)

  expect(describeNotice(batch([...six, failed('Late', 'properties')])).split('\n')).toEqual([
    '10:00:00.000  batch [dev]  6 accepted, 1 failed: track "A", track "B", track "C", track "D", track "E", and 2 more',
    '              failed: track "Late", field_not_object in properties: properties must be an object, not an array (m-Late)',
  ])
})

it('names twenty that failed, and says where the others are', () => {
  const lines = describeNotice(batch(Array.from({ length: 25 }, () => failed(null)))).split('\n')

  expect(lines).toHaveLength(22)
  expect(lines[21]?.trim()).toBe('and 5 more failed: see /api/events?status=failed')
})

it('keeps escape sequences of senders from the terminal', () => {
  const line = describeNotice({
    kind: 'refused',
    route: 'POST /\u001b[2J',
    receivedAt: facts.receivedAt,
    status: 404,
    reason: 'route',
    message: 'There is no POST /\u001b[2J',
  })

  expect(line).not.toContain('\u001b')
})
