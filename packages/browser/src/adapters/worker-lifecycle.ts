import { createNetwork } from './network'
import type { PageLifecycle } from './page-lifecycle'

/** The life of a worker: nobody tells it that it ends, and it never sleeps where others could see it. */
export function createWorkerLifecycle(
  scope: EventTarget & { readonly navigator?: Navigator },
): PageLifecycle {
  const never = () => () => {}
  return {
    ...createNetwork(scope),
    isHidden: () => false,
    onLeave: never,
    onGone: never,
    onShown: never,
    onReturn: never,
  }
}
