import { type AcceptCall, createCalls } from './calls'
import { createIdentity, type Identity } from './identity/identity'
import type { InitOptions } from './options'
import { keepRaw } from './outbox/keep-raw'
import { PageEventFactory } from './page-event-factory'
import { createPageOutbox, type PageOutbox } from './page-outbox'

/**
 * Takes the calls of a page until its client is there: builds their events, with the visitor, page and time of the call,
 * and keeps them where the next page would find them.
 */
export interface Acceptor extends Identity {
  readonly accept: AcceptCall
  readonly page: PageOutbox
  reset(): void
}

export function createAcceptor(writeKey: string, options: InitOptions): Acceptor {
  const identity = createIdentity(options)
  const { user, group } = identity
  const page = createPageOutbox(writeKey, options)
  const calls = createCalls({
    user,
    group,
    factory: new PageEventFactory(user),
    integrations: () => options.integrations ?? {},
  })
  return {
    ...identity,
    page,
    accept(type, args, at) {
      const call = calls(type, args, at)
      keepRaw(page.outbox, call.event)
      return call
    },
    reset() {
      user.reset()
      group.reset()
    },
  }
}
