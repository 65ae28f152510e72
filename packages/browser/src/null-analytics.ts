import { Analytics } from './analytics'
import { Context } from './context'
import { isServer } from './is-server'

/** A client that does nothing and keeps nothing: every call resolves. */
export class NullAnalytics extends Analytics {
  constructor() {
    super(
      { writeKey: '' },
      {
        disableClientPersistence: true,
        retryQueue: true,
        // On a server, one visitor must not be taken for the next.
        user: { disable: isServer() },
        group: { disable: isServer() },
      },
    )
    this.initialized = true
  }

  /** Plugins are not taken: they would get events that somebody decided not to have. */
  override async register(): Promise<Context> {
    return Context.system()
  }
}
