import type { AddressInfo } from 'node:net'
import { createAccessTokens } from './auth/access-tokens'
import { createAuthorise } from './auth/authorise'
import { createVerifyAssertion } from './auth/verify-assertion'
import { checkOptions } from './check-options'
import { DevServerError } from './dev-server-error'
import { createFaultBook } from './faults/fault-book'
import { createArrivals } from './feed/arrivals'
import { type Notice, toNotice } from './feed/notice'
import { createApp } from './http/create-app'
import { createOpenReplies } from './http/open-replies'
import { type DevServerOptions, type ResolvedOptions, resolveOptions } from './options'
import { createRateLimit } from './rate-limit'
import { openStore } from './store/open-store'

/** A running dev server. */
export interface DevServer {
  /** Where it listens, without a slash at the end; `http://127.0.0.1:4777` for example. What SDKs take as their host. */
  readonly url: string
  readonly host: string
  /** The port it got, also when it was asked for any. */
  readonly port: number
  /** The write keys it knows by name. */
  readonly writeKeys: readonly string[]
  /** Whether it takes every other write key, too. */
  readonly anyKey: boolean
  /** File of the store; `undefined` when it is in memory. */
  readonly storePath: string | undefined
  /** Calls `listener` for each request that is settled from now on; returns the way out. */
  onArrival(listener: (notice: Notice) => void): () => void
  /**
   * Answers what is under way, ends streams and waits, and frees the port and the store. Later calls get the same promise.
   * Rejects with `store_not_usable` when the last counts could not be written; port and store are free then, too.
   */
  close(): Promise<void>
}

// Long enough for an answer on its way, short enough not to be taken for a hang.
const closeGraceMs = 1_000

/**
 * Starts a local Tracking API that any Segment-protocol SDK can send to.
 *
 * Throws a `DevServerError`: `invalid_option`, `store_not_usable` or `address_not_usable`.
 *
 * @example
 * const dev = await createDevServer({ port: 0, memory: true })
 * const analytics = new Analytics({ writeKey: 'dev', host: dev.url })
 * …
 * await dev.close()
 */
export async function createDevServer(options: DevServerOptions = {}): Promise<DevServer> {
  const resolved = resolveOptions(checkOptions(options))
  const { host, writeKeys, anyKey, storePath, oauth, rateLimit, now, random } = resolved
  const urls = { own: [] as string[] }

  const verifyAssertion = await createVerifyAssertion({
    clients: oauth.clients,
    audiences: () => [...urls.own, ...oauth.audiences],
    now,
  })
  const tokens = createAccessTokens(oauth.tokenLifetimeSeconds, now)
  const store = openStore(storePath)
  const arrivals = createArrivals()
  const replies = createOpenReplies()
  const app = createApp({
    options: resolved,
    store,
    arrivals,
    replies,
    tokens,
    verifyAssertion,
    faults: createFaultBook(now, random),
    rateLimit: createRateLimit(rateLimit, now),
    authorise: createAuthorise({ writeKeys, anyKey, tokenRequired: oauth.required, tokens }),
  })

  const close = async () => {
    replies.close()
    const force = setTimeout(() => app.server.closeAllConnections(), closeGraceMs)
    try {
      await app.close()
    } finally {
      clearTimeout(force)
      await store.close()
    }
  }

  const port = await listen(app, resolved).catch(async (error: unknown) => {
    await close().catch(() => undefined)
    throw error
  })
  urls.own = ownUrls(host, port)

  let closed: Promise<void> | undefined
  return {
    url: urlOf(host, port),
    host,
    port,
    writeKeys,
    anyKey,
    storePath,
    onArrival: (listener) => arrivals.listen((arrival) => listener(toNotice(arrival))),
    close() {
      closed ??= close()
      return closed
    },
  }
}

async function listen(app: ReturnType<typeof createApp>, { host, port }: ResolvedOptions): Promise<number> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DevServerError(
      'address_not_usable',
      `Cannot listen on ${host} port ${port}: ${reason}`,
      { host, port },
      cause,
    )
  }
  return (app.server.address() as AddressInfo).port
}

// Bound to every address there is no one URL; the loopback one works on this machine.
function urlOf(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

// SDKs sign for the address they were given, and people write the same one in several ways.
function ownUrls(host: string, port: number): string[] {
  const bases = [
    urlOf(host, port),
    ...['127.0.0.1', 'localhost', '[::1]'].map((name) => `http://${name}:${port}`),
  ]
  return bases.flatMap((base) => [base, `${base}/`, `${base}/token`])
}
