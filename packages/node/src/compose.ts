import { backoff } from '@sluice/core'
import type { Delivery, Parcel } from '@sluice/core/internal'
import {
  alwaysOnline,
  createDelivery,
  hostRandomness,
  noOutbox,
  segmentStatusTable,
} from '@sluice/core/internal'
import type { FlushedBatch, HTTPRequestEvent, HTTPResponseEvent } from './events'
import type { Authorization } from './http/authorization'
import { basicAuthorization } from './http/authorization'
import { FetchHTTPClient, GzipHTTPClient } from './http/fetch-http-client'
import { HopelessError } from './http/hopeless-error'
import { createHTTPTransport } from './http/http-transport'
import { rememberFailure } from './http/remember-failure'
import type { HTTPClient, HTTPFetchFn } from './http/types'
import { lazyAuthorization } from './oauth/lazy-authorization'
import { tools } from './oauth/tools'
import type { Platform } from './platform/platform'
import type { Config } from './settings'

/** No batch is larger, in bytes of its events: the Tracking API takes 500 KB, envelope included. */
const maxBatchBytes = 480 * 1024

/** No batch holds more events: the Tracking API takes so many. */
const maxBatchEvents = 2_500

export interface Observers {
  onRequest(request: HTTPRequestEvent): void
  onResponse(response: HTTPResponseEvent): void
  onBatch(batch: FlushedBatch): void
}

export interface WayToTheServer {
  readonly delivery: Delivery
  readonly authorization: Authorization
  /** Why what waits now is not delivered, as far as that is known. */
  lastFailure(): unknown
}

/** The way to the Tracking API, as the settings have it. */
export function composeDelivery(config: Config, platform: Platform, observers: Observers): WayToTheServer {
  const client = chooseClient(config)
  const authorization = chooseAuthorization(config, client, platform)
  const batchTransport = createHTTPTransport({
    url: config.url,
    client,
    authorization,
    timeout: config.httpRequestTimeout,
    clock: platform.clock,
    onRequest: observers.onRequest,
    onResponse: observers.onResponse,
  })
  const transport = rememberFailure(batchTransport, (reason) => {
    // What waits for another try would wait in vain.
    if (reason instanceof HopelessError) delivery.fail(reason)
  })
  const delivery = createDelivery({
    transport,
    clock: platform.clock,
    lifecycle: alwaysOnline,
    outbox: noOutbox,
    batches: {
      maxEvents: config.flushAt,
      maxBytes: maxBatchBytes,
      maxLeavingBytes: maxBatchBytes,
      hardMaxEvents: Math.max(config.flushAt, maxBatchEvents),
      maxWaitMs: config.flushInterval,
    },
    bounds: { maxEvents: config.maxQueueSize, maxBytes: config.maxQueueBytes, overflow: config.overflow },
    policy: {
      maxRetries: config.maxRetries,
      maxTotalBackoffMs: config.maxTotalBackoffMs,
      maxRateLimitMs: config.maxRateLimitMs,
      maxUncountedRetries: 20,
      maxPauseMs: 300_000,
      delayMs: (retry) => backoff({ attempt: retry, minTimeout: 500, maxTimeout: 60_000 }),
      statuses: statusTable(config),
    },
    maxInFlight: config.maxConcurrentRequests,
    message: (parcels) => ({ body: batchBody(parcels, config.writeKey), path: '' }),
    batchEnded: (parcels, failure) => observers.onBatch(flushedBatch(parcels, failure)),
  })
  const lastFailure = () => authorization.lastFailure() ?? transport.lastFailure()
  return { delivery, authorization, lastFailure }
}

function chooseClient({ httpClient, gzip }: Config): HTTPClient {
  if (httpClient) return asClient(httpClient)
  return gzip ? new GzipHTTPClient() : new FetchHTTPClient()
}

function asClient(client: HTTPFetchFn | HTTPClient): HTTPClient {
  return typeof client === 'function' ? new FetchHTTPClient(client) : client
}

function chooseAuthorization(config: Config, client: HTTPClient, platform: Platform): Authorization {
  const { oauthSettings: settings } = config
  if (!settings) return basicAuthorization(config.writeKey)
  return lazyAuthorization(async () => {
    const { createTokenAuthorization } = await import('./oauth/token-authorization')
    return createTokenAuthorization({
      ...tools,
      ...hostRandomness,
      ...platform,
      settings,
      client: settings.httpClient ? asClient(settings.httpClient) : client,
      maxRetries: settings.maxRetries ?? config.maxRetries,
    })
  })
}

function statusTable({ statusBehavior, oauthSettings }: Config) {
  const overrides = {
    ...segmentStatusTable.overrides,
    ...(oauthSettings && { 511: 'retry' as const }),
    ...statusBehavior,
  }
  return { ...segmentStatusTable, overrides }
}

function batchBody(parcels: readonly Parcel[], writeKey: string): string {
  const events = parcels.map(({ json }) => json).join(',')
  return `{"batch":[${events}],"writeKey":${JSON.stringify(writeKey)},"sentAt":${JSON.stringify(new Date())}}`
}

function flushedBatch(parcels: readonly Parcel[], failure?: { readonly reason: unknown }): FlushedBatch {
  const bytes = parcels.reduce((sum, parcel) => sum + parcel.bytes, 0)
  const batch = { events: parcels.length, bytes, delivered: failure === undefined }
  return failure ? { ...batch, reason: failure.reason } : batch
}
