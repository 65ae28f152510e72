import type { CoreSegmentEvent } from '@sluice/core'
import type { PageContext } from './page-context'
import { getDefaultPageContext } from './page-context'

/**
 * Tells an event on which page it happened; what the caller said of the page goes before. The properties of `page`
 * events describe the page as well. The event gets new objects, so those it shares with the caller stay as they were.
 */
export function addPageContext(event: CoreSegmentEvent, page: PageContext = getDefaultPageContext()): void {
  const { context, name, properties } = event
  const told: Record<string, unknown> = {}
  if (event.type === 'page') {
    for (const key of Object.keys(page)) if (properties && key in properties) told[key] = properties[key]
    event.properties = { ...page, ...properties, ...(name && { name }) }
  }
  event.context = { ...context, page: { ...page, ...told, ...context?.page } }
}
