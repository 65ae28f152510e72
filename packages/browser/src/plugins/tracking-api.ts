import { isPlainObject } from '@sluice/core'
import type { IntegrationsInitOptions, SegmentioSettings } from '../options'
import type { CDNSettings } from '../settings/cdn-settings'

/** The settings of the Tracking API's destination: the page's over those of the source. Nothing, if it is switched off. */
export function trackingAPISettings(
  { 'Segment.io': ofPage, All }: IntegrationsInitOptions,
  { integrations }: CDNSettings,
): Partial<SegmentioSettings> | undefined {
  if (ofPage === false || (All === false && !ofPage)) return undefined
  const ofSource = integrations['Segment.io'] as Partial<SegmentioSettings> | undefined
  return { ...ofSource, ...(isPlainObject(ofPage) && ofPage) }
}
