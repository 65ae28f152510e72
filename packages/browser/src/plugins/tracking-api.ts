import { isPlainObject, isString } from '@sluice/core'
import type { IntegrationsInitOptions, SegmentioSettings } from '../options'
import { ownFields } from '../own-fields'
import type { CDNSettings } from '../settings/cdn-settings'

/** The settings of the Tracking API's destination: the page's over those of the source. Nothing, if it is switched off. */
export function trackingAPISettings(
  given: IntegrationsInitOptions,
  { integrations }: CDNSettings,
): Partial<SegmentioSettings> | undefined {
  const { 'Segment.io': ofPage, All } = ownFields(given)
  if (ofPage === false || (All === false && !ofPage)) return undefined
  const some = [integrations['Segment.io'], isPlainObject(ofPage) && ofPage]
  const fields = some.flatMap((one) => Object.entries(one || {}).filter(isUsable))
  return ownFields(Object.fromEntries(fields))
}

/** Settings come from outside, and one field that is nonsense must not lead events astray: the usual stands for it. */
function isUsable([name, value]: [string, unknown]): boolean {
  if (name === 'protocol') return value === 'http' || value === 'https'
  if (name === 'apiKey') return isString(value)
  return name === 'apiHost' ? isString(value) && value !== '' : value !== null
}
