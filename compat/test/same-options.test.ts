import { beforeAll, describe, expect, it } from 'vitest'
import type { Fields, Method } from '../src/library'
import { startClient } from '../src/start-client'
import { nodeSubjects } from '../src/subjects'

const base: Fields = { userId: 'u', event: 'E' }

describe.each(nodeSubjects)('the options of an event for $name', (subject) => {
  beforeAll(async () => {
    await subject.load()
  })

  async function send(method: Method, params: Fields): Promise<Fields> {
    const { analytics, http } = await startClient(subject)
    analytics[method](params)
    await http.reached(1)
    return http.events()[0] ?? {}
  }

  it.each<{ integrations: unknown; sent: unknown }>([
    { integrations: undefined, sent: {} },
    { integrations: null, sent: {} },
    { integrations: {}, sent: {} },
    { integrations: { All: true }, sent: { All: true } },
    { integrations: { All: false, A: true, B: false }, sent: { All: false, A: true, B: false } },
    { integrations: { A: { deep: { er: 1 } }, B: {} }, sent: { A: { deep: { er: 1 } }, B: {} } },
    { integrations: { 'Segment.io': true }, sent: { 'Segment.io': true } },
    { integrations: { 'Segment.io': {} }, sent: { 'Segment.io': {} } },
    { integrations: { A: undefined, B: true }, sent: { B: true } },
  ])('sends integrations $integrations as $sent', async ({ integrations, sent }) => {
    expect((await send('track', { ...base, integrations })).integrations).toEqual(sent)
  })

  it.each<{ title: string; context: unknown; sent: Fields }>([
    { title: 'undefined', context: undefined, sent: {} },
    { title: 'null', context: null, sent: {} },
    { title: 'nested values', context: { a: { b: [1, 2] } }, sent: { a: { b: [1, 2] } } },
    { title: 'keys with dots, as they are', context: { 'a.b': 1 }, sent: { 'a.b': 1 } },
    { title: 'undefined inside, dropped', context: { a: undefined, b: 1 }, sent: { b: 1 } },
    { title: 'null inside, kept', context: { a: null }, sent: { a: null } },
    { title: 'dates as texts', context: { at: new Date(0) }, sent: { at: '1970-01-01T00:00:00.000Z' } },
    { title: 'toJSON', context: { a: { toJSON: () => 'custom' } }, sent: { a: 'custom' } },
  ])('sends a context of $title', async ({ context, sent }) => {
    const event = await send('track', { ...base, context })

    expect(event.context).toEqual({
      ...sent,
      library: { name: subject.libraryName, version: expect.any(String) },
    })
  })

  it.each<{ title: string; properties: unknown; sent: unknown }>([
    { title: 'undefined', properties: undefined, sent: {} },
    { title: 'null', properties: null, sent: {} },
    {
      title: 'undefined inside, dropped',
      properties: { a: undefined, b: { c: undefined } },
      sent: { b: {} },
    },
    { title: 'null inside, kept', properties: { a: null }, sent: { a: null } },
    { title: 'NaN and infinity', properties: { a: Number.NaN, b: Infinity }, sent: { a: null, b: null } },
    { title: 'functions and symbols', properties: { a: () => 1, b: Symbol('b'), c: 1 }, sent: { c: 1 } },
    { title: 'lists with holes', properties: { a: [1, undefined, () => 1] }, sent: { a: [1, null, null] } },
    { title: 'dates', properties: { a: new Date(1) }, sent: { a: '1970-01-01T00:00:00.001Z' } },
    { title: 'maps and sets', properties: { a: new Map([[1, 2]]), b: new Set([1]) }, sent: { a: {}, b: {} } },
    { title: 'boxed values', properties: { a: Object('x'), b: Object(1) }, sent: { a: 'x', b: 1 } },
    { title: 'typed arrays', properties: { a: new Uint8Array([7, 8]) }, sent: { a: { 0: 7, 1: 8 } } },
    { title: 'a lone surrogate', properties: { a: '\ud800' }, sent: { a: '\ud800' } },
    {
      title: 'an own __proto__',
      properties: JSON.parse('{"__proto__":{"a":1}}'),
      sent: JSON.parse('{"__proto__":{"a":1}}'),
    },
    {
      title: 'an object without prototype',
      properties: Object.assign(Object.create(null), { a: 1 }),
      sent: { a: 1 },
    },
    {
      title: 'an instance of a class',
      properties: new (class {
        own = 1
      })(),
      sent: { own: 1 },
    },
    { title: 'numeric keys, first', properties: { b: 1, 1: 2 }, sent: { 1: 2, b: 1 } },
  ])('sends properties of $title', async ({ properties, sent }) => {
    const event = await send('track', { ...base, properties })

    expect(event.properties).toEqual(sent)
    expect(JSON.stringify(event.properties)).toBe(JSON.stringify(sent))
  })

  it.each<{ method: Method }>([{ method: 'identify' }, { method: 'group' }])(
    'turns missing traits of $method into an empty object',
    async ({ method }) => {
      const event = await send(method, { userId: 'u', groupId: 'g', traits: undefined })

      expect(event.traits).toEqual({})
    },
  )

  it.each<{ method: Method; params: Fields; sent: Fields; absent: string[] }>([
    {
      method: 'track',
      params: { userId: undefined, anonymousId: 'a' },
      sent: { anonymousId: 'a' },
      absent: ['userId'],
    },
    {
      method: 'track',
      params: { userId: null, anonymousId: 'a' },
      sent: { userId: null, anonymousId: 'a' },
      absent: [],
    },
    {
      method: 'track',
      params: { userId: 'u', anonymousId: null },
      sent: { userId: 'u', anonymousId: null },
      absent: [],
    },
    {
      method: 'identify',
      params: { userId: undefined, anonymousId: 'a' },
      sent: { anonymousId: 'a' },
      absent: ['userId'],
    },
    {
      method: 'group',
      params: { groupId: 'g', anonymousId: 'a' },
      sent: { groupId: 'g', anonymousId: 'a' },
      absent: ['userId'],
    },
    {
      method: 'page',
      params: { userId: 'u', name: undefined, category: undefined },
      sent: { userId: 'u' },
      absent: ['name', 'category'],
    },
    {
      method: 'page',
      params: { userId: 'u', name: null, category: null },
      sent: { userId: 'u' },
      absent: ['name', 'category'],
    },
    {
      method: 'screen',
      params: { userId: 'u', name: null, category: 'c' },
      sent: { userId: 'u', category: 'c' },
      absent: ['name'],
    },
    {
      method: 'alias',
      params: { userId: 'u', previousId: 'p', anonymousId: 'a' },
      sent: { userId: 'u', previousId: 'p' },
      absent: ['anonymousId'],
    },
  ])('sends the ids of $method $params', async ({ method, params, sent, absent }) => {
    const event = await send(method, { event: 'E', ...params })

    expect(event).toMatchObject(sent)
    for (const key of absent) expect(event).not.toHaveProperty(key)
  })

  it('lets the category win over one in the properties of a page, and leaves those of a screen alone', async () => {
    const params = { userId: 'u', category: 'C', name: 'N', properties: { category: 'mine', name: 'kept' } }

    expect((await send('page', params)).properties).toEqual({ category: 'C', name: 'kept' })
    expect((await send('screen', params)).properties).toEqual({ category: 'mine', name: 'kept' })
  })

  it.each<{ title: string; timestamp: unknown; sent: unknown }>([
    { title: 'a date', timestamp: new Date(5), sent: '1970-01-01T00:00:00.005Z' },
    { title: 'a text, untouched', timestamp: '2020-01-01T00:00:00+02:00', sent: '2020-01-01T00:00:00+02:00' },
  ])('sends the timestamp given as $title', async ({ timestamp, sent }) => {
    expect((await send('track', { ...base, timestamp })).timestamp).toBe(sent)
  })

  it.each([undefined, ''])('makes a message id when %j is given', async (messageId) => {
    expect((await send('track', { ...base, messageId })).messageId).toMatch(/^node-next-/)
  })

  it('takes nothing but the known parameters', async () => {
    const event = await send('track', {
      ...base,
      type: 'page',
      traits: { a: 1 },
      groupId: 'g',
      previousId: 'p',
      name: 'n',
      category: 'c',
      writeKey: 'w',
      sentAt: 's',
      _metadata: { a: 1 },
      options: { a: 1 },
      custom: 1,
    })

    expect(Object.keys(event).sort()).toEqual([
      '_metadata',
      'context',
      'event',
      'integrations',
      'messageId',
      'properties',
      'timestamp',
      'type',
      'userId',
    ])
    expect(event.type).toBe('track')
  })
})
