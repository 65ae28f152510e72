import { segmentStatusTable } from '@sluice/core/internal'
import { describe, expect, it } from 'vitest'
import { type HttpConfig, retryPolicy } from '../../src/http/http-config'
import { defaultRetryPolicy } from '../../src/http/retry-policy'

const policy = (ofCDN?: HttpConfig, ofPage?: HttpConfig, random = 0.5) =>
  retryPolicy(ofCDN, ofPage, () => random)

describe('the retry policy of a page', () => {
  it('is Segment’s, if nothing is said', () => {
    expect(policy()).toEqual({
      maxRetries: 10,
      maxUncountedRetries: 10,
      maxTotalBackoffMs: 43_200_000,
      maxRateLimitMs: 43_200_000,
      maxPauseMs: 300_000,
      delayMs: expect.any(Function),
      statuses: segmentStatusTable,
    })
  })

  it('is the usual one then, which needs none of this code', () => {
    for (const random of [0, 0.3, 1]) {
      const usual = defaultRetryPolicy(() => random)
      const configured = policy({}, {}, random)
      const waits = ({ delayMs }: typeof usual) =>
        [1, 2, 7, 8, 100].map((retry) => Math.round(delayMs(retry)))

      expect(usual).toEqual({ ...configured, delayMs: expect.any(Function) })
      expect(waits(usual)).toEqual(waits(configured))
    }
  })

  it.each([
    [1, 500],
    [2, 1_000],
    [7, 32_000],
    [8, 60_000],
    [100, 60_000],
  ])('waits before retry %i, in the middle, for %d ms', (retry, ms) => {
    expect(policy().delayMs(retry)).toBe(ms)
  })

  it('spreads waits by its jitter to either side', () => {
    const spread = (jitterPercent: number) =>
      [0, 1].map((random) => policy({ backoffConfig: { jitterPercent } }, {}, random).delayMs(1))

    expect(spread(10)).toEqual([450, 550])
    expect(spread(0)).toEqual([500, 500])
    expect(spread(100)).toEqual([0, 1_000])
  })

  it('lets the CDN go before the page, field by field', () => {
    const merged = policy(
      { backoffConfig: { maxRetryCount: 3, statusCodeOverrides: { '429': 'drop' } } },
      {
        backoffConfig: {
          maxRetryCount: 5,
          maxBackoffInterval: 1,
          statusCodeOverrides: { '404': 'retry', '429': 'retry' },
        },
        rateLimitConfig: { maxRetryInterval: 20 },
      },
    )

    expect(merged).toMatchObject({ maxRetries: 3, maxPauseMs: 20_000 })
    expect(merged.delayMs(5)).toBe(1_000)
    expect(merged.statuses.overrides).toEqual({ ...segmentStatusTable.overrides, 404: 'retry', 429: 'drop' })
  })

  it.each([
    [{ backoffConfig: { maxRetryCount: -1 } }, { maxRetries: 0 }],
    [{ backoffConfig: { maxRetryCount: 1_000 } }, { maxRetries: 100 }],
    [{ backoffConfig: { maxTotalBackoffDuration: 1 } }, { maxTotalBackoffMs: 60_000 }],
    [{ rateLimitConfig: { maxRateLimitDuration: 1e9 } }, { maxRateLimitMs: 86_400_000 }],
    [{ rateLimitConfig: { maxRetryInterval: 0 } }, { maxPauseMs: 100 }],
  ] as const)('brings %j into its range', (config, part) => {
    expect(policy(config)).toMatchObject(part)
  })

  it('passes over what makes no sense', () => {
    const nonsense = {
      rateLimitConfig: { maxRetryCount: 'many', maxRetryInterval: Number.NaN },
      backoffConfig: {
        maxRetryCount: undefined,
        default4xxBehavior: 'perhaps',
        statusCodeOverrides: { 404: 'perhaps', 418: null },
      },
    } as unknown as HttpConfig

    expect(policy(nonsense)).toEqual({ ...policy(), delayMs: expect.any(Function) })
  })
})
