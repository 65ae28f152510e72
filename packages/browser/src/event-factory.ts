import type { EventProperties, GroupTraits, ID, IntegrationsOptions, UserTraits } from '@sluice/core'
import { CoreEventFactory } from '@sluice/core'
import { hostRandomness } from '@sluice/core/internal'
import type { User } from './identity/user'
import { addPageContext } from './page/add-page-context'
import { getDefaultPageContext, type PageContext } from './page/page-context'
import type { Options, SegmentEvent } from './segment-event'

/** Builds the events of a page: who the visitor is and where it happened is stamped when the event is built. */
export class EventFactory extends CoreEventFactory {
  #page: PageContext | undefined

  constructor(user: User) {
    super({
      createMessageId,
      onEventMethodCall({ options }) {
        if (options?.anonymousId) user.anonymousId(options.anonymousId)
      },
      onFinishedEvent: (event) => {
        stampIdentity(event, user)
        addPageContext(event, this.#page ?? getDefaultPageContext())
      },
    })
  }

  /** An event whose options are still in it, as its `options`. */
  override normalize(event: SegmentEvent): SegmentEvent {
    return super.normalize(event)
  }

  override track(
    event: string,
    properties?: EventProperties,
    options?: Options,
    globalIntegrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    this.#page = page
    return super.track(event, properties, options, globalIntegrations)
  }

  override page(
    category: string | null,
    name: string | null,
    properties?: EventProperties,
    options?: Options,
    globalIntegrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    this.#page = page
    return super.page(category, name, properties, options, globalIntegrations)
  }

  override screen(
    category: string | null,
    name: string | null,
    properties?: EventProperties,
    options?: Options,
    globalIntegrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    this.#page = page
    return super.screen(category, name, properties, options, globalIntegrations)
  }

  override identify(
    userId: ID,
    traits?: UserTraits,
    options?: Options,
    globalIntegrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    this.#page = page
    return super.identify(userId, traits, options, globalIntegrations)
  }

  override group(
    groupId: ID,
    traits?: GroupTraits,
    options?: Options,
    globalIntegrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    this.#page = page
    return super.group(groupId, traits, options, globalIntegrations)
  }

  override alias(
    to: ID,
    from: string | null,
    options?: Options,
    globalIntegrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    this.#page = page
    return super.alias(to, from, options, globalIntegrations)
  }
}

// Existing tools tell events of web libraries by this prefix.
function createMessageId(): string {
  return `ajs-next-${Date.now()}-${hostRandomness.uuid()}`
}

/** What the call says of the user goes before what the browser remembers; the visitor is always the one of this browser. */
function stampIdentity(event: SegmentEvent, user: User): void {
  const id = user.id()
  const anonymousId = user.anonymousId()
  if (id && !event.userId) event.userId = id
  if (anonymousId) event.anonymousId = anonymousId
  if (event.type === 'alias') event.previousId ??= id ?? anonymousId
}
