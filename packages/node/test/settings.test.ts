import { describe, expect, it } from 'vitest'
import { Analytics, type AnalyticsSettings, FetchHTTPClient, ValidationError } from '../src'
import { readSettings } from '../src/settings'

const oauth = { clientId: 'id', clientKey: 'key', keyId: 'kid' }

/** What somebody without a type checker might write. */
function construct(settings: unknown): Analytics {
  return new Analytics(settings as AnalyticsSettings)
}

function failureOf(settings: unknown): unknown {
  try {
    construct(settings)
  } catch (error) {
    return error
  }
  return undefined
}

class Client {
  makeRequest = () => Promise.resolve({ status: 200, statusText: 'OK' })
}

/** As a compiler for old engines writes a class. */
function OldClient() {}
OldClient.prototype.makeRequest = () => Promise.resolve({ status: 200, statusText: 'OK' })

describe('given settings that are none', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['the write key alone', 'key'],
    ['a list', ['key']],
  ])('says so of %s', (_, settings) => {
    expect(failureOf(settings)).toMatchObject({
      name: 'ValidationError',
      field: 'settings',
      message: 'settings is not an object',
    })
  })
})

it('takes settings that are a module', () => {
  const module = { __proto__: null, writeKey: 'key', [Symbol.toStringTag]: 'Module' }

  expect(readSettings(module).writeKey).toBe('key')
})

describe('given a bad value', () => {
  const notANumber: [unknown, string][] = [
    ['10', 'is not a number, but a string'],
    [Number.NaN, 'is not a number: NaN'],
    [true, 'is not a number, but a boolean'],
    [{}, 'is not a number, but an object'],
    [10n, 'is not a number, but a bigint'],
  ]
  const amounts: [unknown, string][] = [
    ...notANumber,
    [-1, 'is negative: -1'],
    [Number.NEGATIVE_INFINITY, 'is negative: -Infinity'],
  ]
  const counts: [unknown, string][] = [...amounts, [1.5, 'is not a whole number: 1.5']]
  const sizes: [unknown, string][] = [...counts, [0, 'is less than 1']]
  const flags: [unknown, string][] = [
    ['true', 'is not a boolean, but a string'],
    [1, 'is not a boolean, but a number'],
  ]
  const neitherOfTwo = 'is neither a function like fetch nor an object with a makeRequest method'
  const notWeb = 'is not a URL that begins with https:// or http://: Invalid URL'
  const holdsPassword = 'holds a user name or a password; send them with an httpClient of your own'
  const isClass = 'is a class; pass an instance of it'

  const bad: Record<string, [unknown, string][]> = {
    writeKey: [
      [undefined, 'is missing.'],
      [null, 'is missing.'],
      ['', 'is missing.'],
      [42, 'is not a string'],
      ['k'.repeat(200_000), 'is longer than 8000 characters'],
    ],
    host: [
      ['', notWeb],
      ['api.example.com', notWeb],
      ['localhost:8080', notWeb],
      ['ftp://example.com', notWeb],
      [new URL('ftp://example.com'), notWeb],
      ['https://user:pass@example.com', holdsPassword],
      ['https://user@example.com', holdsPassword],
      [new URL('https://:pass@example.com'), holdsPassword],
      [5, 'is not a string, but a number'],
      [{}, 'is not a string, but an object'],
    ],
    path: [[5, 'is not a string, but a number']],
    maxRetries: counts,
    flushAt: counts,
    maxEventsInBatch: counts,
    flushInterval: amounts,
    httpRequestTimeout: amounts,
    maxTotalBackoffDuration: amounts,
    maxRateLimitDuration: amounts,
    pluginTimeout: amounts,
    maxQueueSize: sizes,
    maxQueueBytes: [...amounts, [0, 'is less than 1']],
    maxConcurrentRequests: sizes,
    disable: flags,
    gzip: flags,
    overflow: [
      ['drop-all', "is neither 'drop-newest' nor 'drop-oldest'"],
      [1, "is neither 'drop-newest' nor 'drop-oldest'"],
    ],
    waitUntil: [
      [true, 'is not a function'],
      [{}, 'is not a function'],
    ],
    httpClient: [
      ['fetch', neitherOfTwo],
      [{}, neitherOfTwo],
      [{ makeRequest: 'POST' }, neitherOfTwo],
      [7, neitherOfTwo],
      [FetchHTTPClient, isClass],
      [class extends FetchHTTPClient {}, isClass],
      [Client, isClass],
      [OldClient, isClass],
    ],
    statusBehavior: [
      ['retry', 'is not an object'],
      [['retry'], 'is not an object'],
      [{ 200: 'retry' }, 'names no error status: 200'],
      [{ oops: 'retry' }, 'names no error status: oops'],
    ],
    'statusBehavior.404': [['ignore', "is neither 'retry' nor 'drop'"]],
    oauthSettings: [
      ['secret', 'is not an object'],
      [true, 'is not an object'],
    ],
    'oauthSettings.clientId': [
      [undefined, 'is not a string'],
      ['', 'is not a string'],
      [7, 'is not a string'],
    ],
    'oauthSettings.clientKey': [
      [undefined, 'is not a string'],
      [Buffer.from('key'), 'is not a string'],
    ],
    'oauthSettings.keyId': [[undefined, 'is not a string']],
    'oauthSettings.authServer': [
      [7, 'is not a string, but a number'],
      ['auth.example.com', notWeb],
      ['localhost:8080', notWeb],
      ['https://user:pass@auth.example.com', holdsPassword],
    ],
    'oauthSettings.scope': [[['tracking_api:write'], 'is not a string']],
    'oauthSettings.maxRetries': counts,
    'oauthSettings.httpClient': [
      ['fetch', neitherOfTwo],
      [{}, neitherOfTwo],
      [FetchHTTPClient, isClass],
    ],
  }
  const table = Object.entries(bad).flatMap(([field, values]) =>
    values.map(([value, message]) => ({ field, value, message: `${field} ${message}` })),
  )

  it.each(table)('says “$message”', ({ field, value, message }) => {
    const [name = '', part] = field.split('.')
    const inner = name === 'oauthSettings' ? oauth : {}
    const given = part === undefined ? value : { ...inner, [part]: value }
    const failure = failureOf({ writeKey: 'key', [name]: given })

    expect(failure).toBeInstanceOf(ValidationError)
    expect(failure).toMatchObject({ field, message })
  })

  it('refuses gzip beside a client of your own, which has to compress by itself', () => {
    expect(failureOf({ writeKey: 'key', gzip: true, httpClient: fetch })).toMatchObject({
      field: 'gzip',
      message: 'gzip works with the default HTTP client only; let yours compress by itself',
    })
  })

  it.each(table.filter(({ value }) => typeof value === 'string' && value !== ''))(
    'does not show what $field was given, which may be a secret',
    ({ field, value }) => {
      const secret = 'top-secret-value'
      const given = String(value).includes(':') ? `https://${secret}:x@example.com` : secret
      const [name = '', part] = field.split('.')
      const inner = name === 'oauthSettings' ? oauth : {}
      const failure = failureOf({ writeKey: 'key', [name]: part ? { ...inner, [part]: given } : given })

      expect(String(failure)).not.toContain(secret)
    },
  )

  it('never shows the write key or the private key', () => {
    const secrets = {
      writeKey: 'top-secret',
      oauthSettings: { ...oauth, clientKey: 'top-secret', keyId: '' },
    }

    expect(String(failureOf(secrets))).not.toContain('top-secret')
  })
})

describe('given the write key alone', () => {
  it('has a default for everything else', () => {
    expect(readSettings({ writeKey: 'key' })).toEqual({
      writeKey: 'key',
      url: 'https://api.segment.io/v1/batch',
      maxRetries: 10,
      flushAt: 15,
      flushInterval: 10_000,
      httpRequestTimeout: 10_000,
      disable: false,
      httpClient: undefined,
      oauthSettings: undefined,
      maxTotalBackoffMs: 43_200_000,
      maxRateLimitMs: 43_200_000,
      maxQueueSize: 100_000,
      maxQueueBytes: 67_108_864,
      overflow: 'drop-newest',
      maxConcurrentRequests: 4,
      gzip: false,
      pluginTimeout: 10_000,
      statusBehavior: {},
      waitUntil: undefined,
      throwsOnFaults: false,
    })
  })

  it('takes a setting that is undefined as one that is not given', () => {
    const names = [
      ...['host', 'path', 'maxRetries', 'flushAt', 'maxEventsInBatch', 'flushInterval', 'httpRequestTimeout'],
      ...['disable', 'httpClient', 'oauthSettings', 'maxTotalBackoffDuration', 'maxRateLimitDuration'],
      ...['maxQueueSize', 'maxQueueBytes', 'overflow', 'maxConcurrentRequests', 'gzip', 'pluginTimeout'],
      ...['statusBehavior', 'waitUntil', 'defaults'],
    ]
    const blank = Object.fromEntries(names.map((name) => [name, undefined]))

    expect(readSettings({ writeKey: 'key', ...blank })).toEqual(readSettings({ writeKey: 'key' }))
  })
})

describe('given good values', () => {
  const waitUntil = () => {}
  const client = new Client()
  const oauthDefaults = {
    authServer: 'https://oauth2.segment.io',
    scope: 'tracking_api:write',
    maxRetries: undefined,
    httpClient: undefined,
  }
  // `instanceof` does not know it: test runners give each test a realm of its own.
  const urlOfAnotherRealm: URL = Object.setPrototypeOf(
    new URL('https://other.example'),
    Object.create(null, Object.getOwnPropertyDescriptors(URL.prototype)),
  )

  it.each<[Partial<AnalyticsSettings>, object]>([
    [{ host: 'http://127.0.0.1:8080' }, { url: 'http://127.0.0.1:8080/v1/batch' }],
    [{ host: 'https://example.com/' }, { url: 'https://example.com/v1/batch' }],
    [{ host: 'HTTPS://EXAMPLE.COM' }, { url: 'https://example.com/v1/batch' }],
    [{ host: 'https://example.com/proxy', path: '/b/' }, { url: 'https://example.com/b' }],
    [{ host: 'https://example.com/proxy/', path: 'v1/b' }, { url: 'https://example.com/proxy/v1/b' }],
    [{ host: 'https://example.com', path: '' }, { url: 'https://example.com' }],
    [{ path: '/b?x=1' }, { url: 'https://api.segment.io/b?x=1' }],
    [{ maxRetries: 0 }, { maxRetries: 0 }],
    [{ maxRetries: Number.POSITIVE_INFINITY }, { maxRetries: Number.POSITIVE_INFINITY }],
    [{ flushAt: 0 }, { flushAt: 1 }],
    [{ flushAt: 500 }, { flushAt: 500 }],
    [{ maxEventsInBatch: 7 }, { flushAt: 7 }],
    [{ flushAt: 3, maxEventsInBatch: 7 }, { flushAt: 3 }],
    [{ flushInterval: 0 }, { flushInterval: 0 }],
    [{ flushInterval: 2 ** 40 }, { flushInterval: 2 ** 40 }],
    [{ httpRequestTimeout: 0 }, { httpRequestTimeout: 0 }],
    [{ httpRequestTimeout: 0.5 }, { httpRequestTimeout: 0.5 }],
    [{ maxTotalBackoffDuration: 60 }, { maxTotalBackoffMs: 60_000 }],
    [{ maxRateLimitDuration: 0 }, { maxRateLimitMs: 0 }],
    [
      { maxQueueSize: 1, maxQueueBytes: 1, maxConcurrentRequests: 1 },
      { maxQueueSize: 1, maxQueueBytes: 1, maxConcurrentRequests: 1 },
    ],
    [{ maxQueueBytes: Number.POSITIVE_INFINITY }, { maxQueueBytes: Number.POSITIVE_INFINITY }],
    [{ overflow: 'drop-oldest' }, { overflow: 'drop-oldest' }],
    [
      { disable: true, gzip: true },
      { disable: true, gzip: true },
    ],
    [{ pluginTimeout: 0 }, { pluginTimeout: 0 }],
    [{ statusBehavior: { 404: 'retry', 500: 'drop' } }, { statusBehavior: { 404: 'retry', 500: 'drop' } }],
    [{ waitUntil }, { waitUntil }],
    [{ httpClient: fetch }, { httpClient: fetch }],
    [{ httpClient: client }, { httpClient: client }],
    [
      { httpClient: client, gzip: false },
      { httpClient: client, gzip: false },
    ],
    [{ host: new URL('http://127.0.0.1:8080') }, { url: 'http://127.0.0.1:8080/v1/batch' }],
    [{ host: urlOfAnotherRealm }, { url: 'https://other.example/v1/batch' }],
    [{ host: null, path: null }, { url: 'https://api.segment.io/v1/batch' }],
    [{ oauthSettings: null }, { oauthSettings: undefined }],
    [{ oauthSettings: oauth }, { oauthSettings: { ...oauth, ...oauthDefaults } }],
    [
      { oauthSettings: { ...oauth, authServer: null, scope: null, maxRetries: null, httpClient: null } },
      { oauthSettings: { ...oauth, ...oauthDefaults } },
    ],
    [
      { oauthSettings: { ...oauth, authServer: new URL('http://127.0.0.1:1/'), maxRetries: 0 } },
      { oauthSettings: { ...oauth, ...oauthDefaults, authServer: 'http://127.0.0.1:1', maxRetries: 0 } },
    ],
    [
      { oauthSettings: { ...oauth, scope: 'a:read', httpClient: fetch } },
      { oauthSettings: { ...oauth, ...oauthDefaults, scope: 'a:read', httpClient: fetch } },
    ],
  ])('reads %j', (settings, expected) => {
    expect(readSettings({ writeKey: 'key', ...settings })).toEqual({
      ...readSettings({ writeKey: 'key' }),
      ...expected,
    })
  })

  it('keeps no hold of what it was given', () => {
    const oauthSettings = { ...oauth }
    const statusBehavior: Record<number, 'retry' | 'drop'> = { 404: 'retry' }
    const config = readSettings({ writeKey: 'key', oauthSettings, statusBehavior })
    oauthSettings.clientId = 'another'
    statusBehavior[404] = 'drop'

    expect(config.oauthSettings).toMatchObject(oauth)
    expect(config.statusBehavior).toEqual({ 404: 'retry' })
  })
})
