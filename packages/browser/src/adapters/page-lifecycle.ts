import type { Lifecycle } from '@sluice/core/internal'

/** A page's comings and goings beyond those the engine asks for. */
export interface PageLifecycle extends Lifecycle {
  /** The page goes away, for good or into the back/forward cache. */
  onGone(run: () => void): () => void
  /** The page is back from the back/forward cache: what it left behind may have been taken over meanwhile. */
  onReturn(run: () => void): () => void
}

/**
 * The life of this page. It is left when it is hidden, which on phones is often the last thing heard of it, and when it
 * goes away; both may happen, in either order, and more than once.
 */
export function createPageLifecycle(page: Window): PageLifecycle {
  const listen = (target: EventTarget, event: string, run: (event: Event) => void) => {
    target.addEventListener(event, run)
    return () => target.removeEventListener(event, run)
  }
  return {
    // Only a clear no counts: the answer is often wrong the other way round.
    isOnline: () => page.navigator.onLine !== false,
    onOnline: (run) => listen(page, 'online', run),
    onLeave(run) {
      const stops = [
        listen(page, 'pagehide', run),
        listen(page.document, 'visibilitychange', () => {
          if (page.document.visibilityState === 'hidden') run()
        }),
      ]
      return () => {
        for (const stop of stops) stop()
      }
    },
    onGone: (run) => listen(page, 'pagehide', run),
    onReturn: (run) =>
      listen(page, 'pageshow', (event) => {
        if ('persisted' in event && event.persisted === true) run()
      }),
  }
}
