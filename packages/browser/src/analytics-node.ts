/** @deprecated Servers use `@sluice/node`. */
export const AnalyticsNode = {
  /** @deprecated Rejects. */
  load(): Promise<never> {
    return Promise.reject(
      new Error(
        typeof document === 'undefined'
          ? 'AnalyticsNode is no longer here: use @sluice/node'
          : 'AnalyticsNode is not available in browsers.',
      ),
    )
  },
}
