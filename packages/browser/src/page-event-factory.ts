import { CoreEventFactory } from '@sluice/core'
import { hostClock, hostRandomness } from '@sluice/core/internal'
import type { User } from './identity/user'
import { addPageContext } from './page/add-page-context'
import { getDefaultPageContext, type PageContext } from './page/page-context'
import type { SegmentEvent } from './segment-event'

/** Builds the events of a page: who the visitor is and where it happened is stamped when the event is built. */
export class PageEventFactory extends CoreEventFactory {
  /** Where the next events happen. @default the page as it is */
  currentPage: PageContext | undefined

  constructor(user: User) {
    super({
      createMessageId,
      onEventMethodCall({ options }) {
        if (options?.anonymousId) user.anonymousId(options.anonymousId)
      },
      onFinishedEvent: (event) => {
        stampIdentity(event, user)
        addPageContext(event, this.currentPage ?? getDefaultPageContext())
      },
    })
  }
}

// Existing tools tell events of web libraries by this prefix.
function createMessageId(): string {
  return `ajs-next-${hostClock.now()}-${hostRandomness.uuid()}`
}

/** What the call says of the user goes before what the browser remembers; the visitor is always the one of this browser. */
function stampIdentity(event: SegmentEvent, user: User): void {
  const id = user.id()
  const anonymousId = user.anonymousId()
  if (id && !event.userId) event.userId = id
  if (anonymousId) event.anonymousId = anonymousId
  if (event.type === 'alias') event.previousId ??= id ?? anonymousId
}
