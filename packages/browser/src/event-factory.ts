import type { EventProperties, GroupTraits, ID, IntegrationsOptions, UserTraits } from '@sluice/core'
import type { PageContext } from './page/page-context'
import { PageEventFactory } from './page-event-factory'
import type { Options, SegmentEvent } from './segment-event'

/**
 * Builds the events of a page as the client does, for those who need one without sending it. Each method takes the page
 * that its event is to name, as its last argument. Throws a `ValidationError` for an event that cannot be accepted.
 */
export class EventFactory extends PageEventFactory {
  override track(
    event: string,
    properties?: EventProperties,
    options?: Options,
    integrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    return this.#on(page, () => super.track(event, properties, options, integrations))
  }

  override page(
    category: string | null,
    name: string | null,
    properties?: EventProperties,
    options?: Options,
    integrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    return this.#on(page, () => super.page(category, name, properties, options, integrations))
  }

  override screen(
    category: string | null,
    name: string | null,
    properties?: EventProperties,
    options?: Options,
    integrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    return this.#on(page, () => super.screen(category, name, properties, options, integrations))
  }

  override identify(
    userId: ID,
    traits?: UserTraits,
    options?: Options,
    integrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    return this.#on(page, () => super.identify(userId, traits, options, integrations))
  }

  override group(
    groupId: ID,
    traits?: GroupTraits,
    options?: Options,
    integrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    return this.#on(page, () => super.group(groupId, traits, options, integrations))
  }

  override alias(
    to: ID,
    from: string | null,
    options?: Options,
    integrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    return this.#on(page, () => super.alias(to, from, options, integrations))
  }

  /** An event whose options are still in it, as its `options`. */
  override normalize(event: SegmentEvent): SegmentEvent {
    return super.normalize(event)
  }

  // The client says where its next event happens; what comes after that happens on the page as it is then.
  #on(page: PageContext | undefined, build: () => SegmentEvent): SegmentEvent {
    if (page) this.currentPage = page
    try {
      return build()
    } finally {
      this.currentPage = undefined
    }
  }
}
