import { beforeAll, describe, expect, it } from 'vitest'
import { fields } from '../src/fields'
import type { Fields, Method } from '../src/library'
import { startClient } from '../src/start-client'
import { nodeSubjects } from '../src/subjects'

const identity = '.userId/anonymousId/previousId/groupId'

const refused: { method: Method; params: Fields; field: string; message: string }[] = [
  { method: 'track', params: { event: 'E' }, field: identity, message: 'is nil' },
  { method: 'track', params: { event: 'E', userId: null }, field: identity, message: 'is nil' },
  {
    method: 'track',
    params: { event: 'E', userId: null, anonymousId: null },
    field: identity,
    message: 'is nil',
  },
  { method: 'identify', params: {}, field: identity, message: 'is nil' },
  { method: 'page', params: {}, field: identity, message: 'is nil' },
  { method: 'screen', params: { name: 'x' }, field: identity, message: 'is nil' },
  { method: 'group', params: {}, field: identity, message: 'is nil' },
  { method: 'alias', params: {}, field: identity, message: 'is nil' },
  { method: 'track', params: { event: 'E', userId: 7 }, field: identity, message: 'is not a string' },
  { method: 'track', params: { event: 'E', anonymousId: 7 }, field: identity, message: 'is not a string' },
  { method: 'track', params: { event: 'E', userId: true }, field: identity, message: 'is not a string' },
  { method: 'track', params: { event: 'E', userId: {} }, field: identity, message: 'is not a string' },
  { method: 'identify', params: { userId: 0 }, field: identity, message: 'is not a string' },
  { method: 'page', params: { userId: ['u'] }, field: identity, message: 'is not a string' },
  { method: 'group', params: { groupId: 'g', userId: 7 }, field: identity, message: 'is not a string' },
  { method: 'group', params: { groupId: 7 }, field: identity, message: 'is not a string' },
  { method: 'alias', params: { userId: 7, previousId: 'p' }, field: identity, message: 'is not a string' },
  { method: 'track', params: { userId: 'u' }, field: '.event', message: 'is not a string' },
  { method: 'track', params: { userId: 'u', event: null }, field: '.event', message: 'is not a string' },
  { method: 'track', params: { userId: 'u', event: 7 }, field: '.event', message: 'is not a string' },
  { method: 'track', params: { userId: 'u', event: {} }, field: '.event', message: 'is not a string' },
  { method: 'track', params: { event: 7 }, field: identity, message: 'is nil' },
  ...[[], 'text', 7, true, new Date(0), new Map(), () => 1].map((properties) => ({
    method: 'track' as const,
    params: { userId: 'u', event: 'E', properties },
    field: '.properties',
    message: 'is not an object',
  })),
  ...[[], 'text', 7, new Date(0)].flatMap((traits) => [
    {
      method: 'identify' as const,
      params: { userId: 'u', traits },
      field: '.traits',
      message: 'is not an object',
    },
    {
      method: 'group' as const,
      params: { userId: 'u', groupId: 'g', traits },
      field: '.traits',
      message: 'is not an object',
    },
  ]),
  {
    method: 'track',
    params: { userId: 'u', event: 'E', messageId: 5 },
    field: '.messageId',
    message: 'is not a string',
  },
  { method: 'page', params: { userId: 'u', messageId: {} }, field: '.messageId', message: 'is not a string' },
]

describe.each(nodeSubjects)('what $name refuses', (subject) => {
  beforeAll(async () => {
    await subject.load()
  })

  it.each(refused)(
    'throws from $method($params): $field $message',
    async ({ method, params, field, message }) => {
      const { analytics, http, log } = await startClient(subject)
      await analytics.ready
      log.clear()

      const thrown = thrownBy(() => analytics[method](params))

      expect(thrown).toBeInstanceOf(Error)
      expect(fields(thrown).field).toBe(field)
      expect(fields(thrown).message).toBe(`${field} ${message}`)
      await analytics.flush()
      expect(http.requests).toHaveLength(0)
      expect(log.names()).toEqual([])
    },
  )

  it.each<Method>(['track', 'identify', 'page', 'screen', 'group', 'alias'])(
    'throws from %s without an argument',
    async (method) => {
      const { analytics } = await startClient(subject)

      expect(() => Reflect.apply(analytics[method], analytics, [])).toThrow()
    },
  )

  it.each<Fields>([{}, { writeKey: '' }, { writeKey: null }, { writeKey: undefined }])(
    'throws from the constructor given %j',
    async (settings) => {
      const { Analytics } = await subject.load()

      const thrown = thrownBy(() => new Analytics(settings))

      expect(thrown).toBeInstanceOf(Error)
      expect(fields(thrown).field).toBe('writeKey')
      expect(fields(thrown).message).toMatch(/^writeKey .*missing/)
    },
  )

  it.each<Fields>([{ host: 'no scheme' }, { host: '' }, { host: 'http://' }])(
    'throws from the constructor given %j',
    async (settings) => {
      const { Analytics } = await subject.load()

      expect(() => new Analytics({ writeKey: 'k', ...settings })).toThrow()
    },
  )

  it('throws from the constructor without settings', async () => {
    const { Analytics } = await subject.load()

    expect(() => new Analytics()).toThrow()
  })

  it.each<{ method: Method; params: Fields }>([
    { method: 'track', params: { event: 'E', userId: null, anonymousId: 'a' } },
    { method: 'track', params: { event: 'E', userId: 'u', properties: null } },
    { method: 'track', params: { event: ' ', userId: 'u' } },
    { method: 'group', params: { groupId: 'g', anonymousId: 'a' } },
    { method: 'alias', params: { userId: 'u', previousId: 'p' } },
    { method: 'identify', params: { anonymousId: 'a' } },
    { method: 'identify', params: { userId: 'u', traits: null } },
    { method: 'page', params: { userId: 'u', properties: undefined } },
  ])('accepts $method($params)', async ({ method, params }) => {
    const { analytics, http } = await startClient(subject)

    analytics[method](params)
    await http.reached(1)

    expect(http.events()).toHaveLength(1)
  })
})

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
