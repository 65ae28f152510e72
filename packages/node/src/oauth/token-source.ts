import type { Randomness, RetryPolicy, TransportResponse } from '@sluice/core/internal'
import type { HTTPClient, HTTPResponse } from '../http/types'
import type { Platform } from '../platform/platform'
import type { OAuthConfig } from './settings'
import type { SignAssertion } from './sign-assertion'
import { createAssertionSigner } from './sign-assertion'
import type { Tools } from './tools'

export interface TokenSourceOptions
  extends Tools,
    Randomness,
    Pick<Platform, 'clock' | 'backgroundClock' | 'subtle'> {
  readonly settings: OAuthConfig
  readonly client: HTTPClient
  readonly maxRetries: number
}

/** Access tokens, fetched when needed and renewed at half of their life. */
export interface TokenSource {
  /**
   * Rejects when no token can be had; with a `HopelessError` if there never will be one. Callers that come while one is
   * being fetched share it.
   */
  token(): Promise<string>
  /** This token is no good any more: the next one will be a fresh one. */
  discard(token: string): void
  /** Why there is no token, if one was asked for in vain and none has come since. */
  lastFailure(): unknown
  /** Fetches no more tokens, and breaks off a request that is under way. */
  stop(): void
}

const tokenRequestTimeout = 10_000

/** How long a token lives whose server does not say, in seconds. One that ends sooner is refused, and exchanged then. */
const usualLifetime = 3_600

/** A token is renewed in the background no sooner than this, in ms, however short its life. */
const shortestRenewal = 500

export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { clock, backgroundClock, singleFlight } = options
  const tokenRequest = createTokenRequest(options)
  let current: Token | undefined
  let cancelRenewal = () => {}
  let isStopped = false
  let failure: unknown

  const renew = singleFlight(async () => {
    const token = await tokenRequest.make().catch((reason) => {
      failure = reason
      throw reason
    })
    current = token
    failure = undefined
    cancelRenewal()
    if (!isStopped && token.lifetimeMs > 0) {
      const delay = Math.max(token.lifetimeMs / 2, shortestRenewal)
      // Whoever needs the token later hears of it if this fails.
      cancelRenewal = backgroundClock.after(delay, () => renew().catch(() => {}))
    }
    return token
  })

  return {
    async token() {
      const usable = current && current.expiresAt > clock.elapsed() ? current : await renew()
      return usable.text
    },
    discard(token) {
      if (current?.text === token) current = undefined
    },
    lastFailure: () => tokenRequest.lastFailure() ?? failure,
    stop() {
      isStopped = true
      cancelRenewal()
      tokenRequest.cancel()
    },
  }
}

interface Token {
  readonly text: string
  readonly lifetimeMs: number
  /** As the clock's elapsed ms: the date may be changed meanwhile. */
  readonly expiresAt: number
}

/** Every failure but these is taken as passing: an authorisation server says little about what is wrong. */
const tokenStatusTable: RetryPolicy['statuses'] = {
  default4xx: 'retry',
  default5xx: 'retry',
  overrides: { 400: 'drop', 401: 'drop', 415: 'drop' },
}

interface TokenRequest {
  /** Fetches one token, with retries. One at a time. */
  make(): Promise<Token>
  /** What the last try of the one that is under way came to. */
  lastFailure(): unknown
  /** Rejects the one that is under way, and all that might follow. */
  cancel(): void
}

function createTokenRequest(options: TokenSourceOptions): TokenRequest {
  const { settings, clock, client, withinLimits } = options
  const { authServer, scope } = settings
  let signer: SignAssertion | undefined
  const url = `${authServer.replace(/\/+$/, '')}/token`
  // What our clock shows more than the server's, in ms: an assertion from the future is refused.
  let skewMs = 0
  let cancelled: Error | undefined
  let cancelCurrent = (_reason: Error) => {}
  let lastFailure = (): unknown => undefined

  const ask = async (
    sign: SignAssertion,
    tokenAnswer: { text?: string | undefined },
    controller: AbortController,
  ): Promise<TransportResponse> => {
    const now = Math.round((clock.now() - skewMs) / 1_000)
    const assertion = await sign({
      clientId: settings.clientId,
      audience: authServer,
      now,
      id: options.uuid(),
    })
    const limits = { clock, timeout: tokenRequestTimeout, controller }
    const request = {
      url,
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: tokenRequestBody(assertion, scope),
    } as const
    const { status, statusText, response } = await options.callClient(client, request, limits)
    const headers = options.responseHeaders(response)
    const serverTime = Date.parse(headers.date ?? '')
    if (!Number.isNaN(serverTime)) skewMs = clock.now() - serverTime
    tokenAnswer.text = await withinLimits(textOf(response), limits, 'response body').catch((reason) => {
      // What an error says beyond its status is of no use here.
      if (status >= 400) return undefined
      throw reason
    })
    return { status, statusText, header: (name) => headers[name] }
  }

  return {
    async make() {
      // Before the first try: a key that cannot be read will not get better.
      signer ??= await createAssertionSigner(options.subtle(), settings.clientKey, settings.keyId, options)
      const sign = signer
      if (cancelled) throw cancelled
      return new Promise((resolve, reject) => {
        const answer: { text?: string | undefined } = {}
        const jobs = [answer]
        const transport = options.rememberFailure({
          exchange() {
            const controller = new AbortController()
            return { answer: ask(sign, answer, controller), abort: () => controller.abort() }
          },
        })
        lastFailure = transport.lastFailure
        const sender = options.createSender({
          transport,
          clock,
          lifecycle: options.alwaysOnline,
          maxInFlight: 1,
          policy: {
            maxRetries: options.maxRetries,
            maxTotalBackoffMs: Number.POSITIVE_INFINITY,
            maxRateLimitMs: Number.POSITIVE_INFINITY,
            maxUncountedRetries: 20,
            maxPauseMs: 300_000,
            delayMs: (retry) =>
              options.backoff({ attempt: retry, minTimeout: 50, maxTimeout: 60_000 }, options.random),
            statuses: tokenStatusTable,
          },
          next: () => jobs.pop(),
          message: () => ({ body: '', path: '' }),
          split: () => undefined,
          ended(_, failure) {
            if (failure) return reject(failure.reason)
            try {
              resolve(readToken(answer.text, clock.elapsed()))
            } catch (error) {
              reject(error)
            }
          },
        })
        cancelCurrent = sender.fail
        sender.wake()
      })
    },
    lastFailure: () => lastFailure(),
    cancel() {
      cancelled = new Error('The client was closed before it had a token')
      cancelCurrent(cancelled)
    },
  }
}

function tokenRequestBody(assertion: string, scope: string): string {
  return [
    'grant_type=client_credentials',
    'client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    `client_assertion=${assertion}`,
    // A colon needs no escape here, and Segment's own scope has one.
    `scope=${encodeURIComponent(scope).replaceAll('%3A', ':')}`,
  ].join('&')
}

async function textOf(response: HTTPResponse): Promise<string | undefined> {
  return typeof response.text === 'function' ? response.text() : undefined
}

function readToken(text: string | undefined, now: number): Token {
  if (text === undefined) throw new Error('HTTPClient does not implement response.text method')
  const { access_token: given, expires_in: lifetime } = parse(text)
  if (typeof given !== 'string') throw new Error('The authorisation server answered without an access_token')
  const token = given.trim()
  if (!/^[\t\x20-\x7e\x80-\xff]+$/.test(token)) {
    // A client that is handed such a header throws an error that shows it.
    throw new Error('The authorisation server answered with an access_token that cannot be put into a header')
  }
  const lifetimeMs = lifetimeOf(lifetime) * 1_000
  return { text: token, lifetimeMs, expiresAt: now + lifetimeMs }
}

/** Servers may leave it out, and some write the number as text. */
function lifetimeOf(value: unknown): number {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : usualLifetime
}

function parse(text: string): { access_token?: unknown; expires_in?: unknown } {
  let answer: unknown
  try {
    // A byte order mark is no JSON, and some servers begin with one.
    answer = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    // Without the cause: it quotes the answer, which may be a token.
    throw new Error('The authorisation server did not answer in JSON')
  }
  return typeof answer === 'object' && answer !== null ? answer : {}
}
