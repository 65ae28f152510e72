import type { Analytics } from '../analytics'
import type { WaitingCalls } from '../beginning'
import { createHeldCalls } from '../held-calls'
import { getDefaultBufferedPageContext, splitPageContext } from '../page/buffered-page-context'
import { report } from './report'

/** The calls that a page makes of a global, from before the library was there until the visitor leaves. */
export interface PageCalls {
  /** Makes a call written as a list: now, or when it can be made. What cannot be made is told to the console. */
  make(entry: unknown): void
  readonly waiting: WaitingCalls
  /** There will be no client. */
  refuse(reason: unknown): void
}

/** What is heard while the client is set up was listened to before. */
const listening = /^(on|once|off|emit|debug|timeout|use)$/

/** The library's own plugins go before those of the page. */
const settingUp = /^(de)?register$|Middleware$/

const happening = /^(track|page|screen|identify|alias|group)$/

/** @param begin Before the calls that waited are made. */
export function createPageCalls(begin: (analytics: Analytics) => void): PageCalls {
  const listenings = createHeldCalls()
  const settings = createHeldCalls({ oneByOne: true })
  const calls = createHeldCalls()
  return {
    make(entry) {
      const [method, ...args]: unknown[] = Array.isArray(entry) ? entry : []
      if (typeof method !== 'string') return report('This is no call', entry)
      // `pageview` tells of a page as it is now, so it becomes a call that can.
      const [name, given] = method === 'pageview' ? ['page', [{ path: args[0] }]] : [method, args]
      const held = listening.test(name) ? listenings : settingUp.test(name) ? settings : calls
      held
        .make(name, happening.test(name) ? withPage(name, given) : given)
        .catch((reason: unknown) => report(`analytics.${method}() failed`, reason))
    },
    waiting: {
      accept: calls.accept,
      first: () => (listenings.count() + settings.count() > 0 ? [] : calls.events()),
      setUp(analytics) {
        void listenings.replay(analytics)
        return settings.replay(analytics)
      },
      begin(analytics) {
        begin(analytics)
        void calls.replay(analytics)
      },
    },
    refuse(reason) {
      for (const held of [listenings, settings, calls]) held.refuse(reason)
    },
  }
}

/** Later snippets tell on which page a call was made; for earlier ones it is the page that is there when it is taken. */
function withPage(method: string, args: unknown[]): unknown[] {
  const [own, page = getDefaultBufferedPageContext()] = splitPageContext(args)
  // `group()` asks for the group; it tells of nothing that happens.
  return method === 'group' && own.length === 0 ? [] : [...own, page]
}
