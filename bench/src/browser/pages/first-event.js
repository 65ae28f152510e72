/* global config */
import { AnalyticsBrowser } from 'library'

const analytics = AnalyticsBrowser.load(...config)
analytics.track('Order Completed', { total: 9.5 })
