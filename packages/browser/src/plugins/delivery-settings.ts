import { hostRandomness, type RetryPolicy } from '@sluice/core/internal'
import type { Strategy } from '../delivery/browser-delivery'
import type { HttpConfig } from '../http/http-config'
import { defaultRetryPolicy } from '../http/retry-policy'
import type { DeliveryStrategy } from '../options'

/** How events are put into requests. */
export function strategyOf(given: DeliveryStrategy | undefined): Strategy {
  if (given?.strategy !== 'batching') return { type: 'standard' }
  const { size = 10, timeout = 5_000 } = given.config ?? {}
  return { type: 'batching', size, timeout }
}

export interface PolicySettings {
  readonly ofCDN: HttpConfig | undefined
  readonly ofPage: HttpConfig | undefined
  readonly deliveryStrategy: DeliveryStrategy | undefined
  readonly retryQueue: boolean | undefined
}

/** How often and when what failed is tried again. Few sources say so: what reads that is loaded when one does. */
export async function policyOf(settings: PolicySettings): Promise<RetryPolicy> {
  const { ofCDN, ofPage, deliveryStrategy, retryQueue } = settings
  const { random } = hostRandomness
  let policy = defaultRetryPolicy(random)
  if (ofCDN || ofPage) {
    const reader = await import('../http/http-config').catch(() => undefined)
    policy = reader?.retryPolicy(ofCDN, ofPage, random) ?? policy
  }
  if (retryQueue === false) return { ...policy, maxRetries: 0, maxUncountedRetries: 0 }
  const ofBatches = deliveryStrategy?.strategy === 'batching' ? deliveryStrategy.config : undefined
  return { ...policy, maxRetries: ofBatches?.maxRetries ?? policy.maxRetries }
}
