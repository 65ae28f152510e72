declare module '@segment/analytics.js-integration-*' {
  import type { AnalyticsBrowserSettings } from '@segment/analytics-next'

  const integration: NonNullable<AnalyticsBrowserSettings['classicIntegrations']>[number]
  export default integration
}
