import type { Lifecycle } from '@sluice/core/internal'
import { isPage, memberOf, ofPage } from '../past-markup'
import { createNetwork, type Network } from './network'

/** A page's comings and goings beyond those the engine asks for. */
export interface PageLifecycle extends Lifecycle, Network {
  /** The page goes away, for good or into the back/forward cache. */
  onGone(run: (willSleep: boolean) => void): () => void
  /** Nobody looks at the page. */
  isHidden(): boolean
  /** The visitor looks at the page again. */
  onShown(run: () => void): () => void
  /** The page is back from the back/forward cache: what it left behind may have been taken over meanwhile. */
  onReturn(run: () => void): () => void
}

/**
 * The life of this page. It is left when it is hidden, which on phones is often the last thing heard of it, when the
 * visitor sets out for another page, and when it goes away; these may happen in any order, and more than once. Firefox and
 * WebKit cut off requests between setting out and going away. A worker hears of none of these, and never sleeps.
 */
export function createPageLifecycle(): PageLifecycle {
  const scope: Partial<Pick<Window, 'event'> & EventTarget> = globalThis
  const page: Partial<EventTarget> = isPage() ? document : scope
  const on = <Name extends keyof Heard>(
    name: Name,
    run: (event: Heard[Name]) => void,
    target: Partial<EventTarget> = scope,
  ) => {
    memberOf(target, 'addEventListener')?.(name, run as (event: Event) => void)
    return () => memberOf(target, 'removeEventListener')?.(name, run as (event: Event) => void)
  }
  const isIn = (state: DocumentVisibilityState) => ofPage('visibilityState') === state
  const onVisibility = (state: DocumentVisibilityState, run: () => void) =>
    on('visibilitychange', () => isIn(state) && run(), page)
  return {
    ...createNetwork(globalThis),
    isHidden: () => isIn('hidden'),
    onLeave(run) {
      const stops = [on('beforeunload', run), on('pagehide', run), onVisibility('hidden', run)]
      return () => {
        for (const stop of stops) stop()
      }
    },
    soon(run) {
      // A click on a link ends with setting out: what it tells of need not begin in a request that is cut off then.
      if (scope.event) setTimeout(run)
      else void Promise.resolve().then(run)
    },
    onGone: (run) => on('pagehide', ({ persisted }) => run(persisted)),
    onShown: (run) => onVisibility('visible', run),
    onReturn: (run) => on('pageshow', ({ persisted }) => persisted && run()),
  }
}

type Heard = WindowEventMap & DocumentEventMap
