import { isPlainObject, isString } from '@sluice/core'
import type { IntegrationsInitOptions, SegmentioSettings } from '../options'
import type { CDNSettings } from '../settings/cdn-settings'

/** The settings of the Tracking API's destination: the page's over those of the source. Nothing, if it is switched off. */
export function trackingAPISettings(
  { 'Segment.io': ofPage, All }: IntegrationsInitOptions,
  { integrations }: CDNSettings,
): Partial<SegmentioSettings> | undefined {
  if (ofPage === false || (All === false && !ofPage)) return undefined
  const ofSource = Object.fromEntries(Object.entries(integrations['Segment.io'] ?? {}).filter(isUsable))
  return { ...ofSource, ...(isPlainObject(ofPage) && ofPage) }
}

/** Settings come from outside, and one field that is nonsense must not lead events astray: the usual stands for it. */
function isUsable([name, value]: [string, unknown]): boolean {
  if (name === 'protocol') return value === 'http' || value === 'https'
  if (name === 'apiKey') return isString(value)
  return name === 'apiHost' ? isString(value) && value !== '' : value !== null
}
