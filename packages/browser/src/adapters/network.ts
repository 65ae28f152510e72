/** What the browser says of the network, as far as answers of servers do not show that it is wrong. */
export interface Network {
  isOnline(): boolean
  /** Runs when requests can be made again. Returns the way out. */
  onOnline(run: () => void): () => void
  /** A server has answered, whatever it was; `isSure` where no cache can have done so in its stead. */
  answered(isSure: boolean): void
  /** A request has failed without an answer. */
  failed(): void
}

/** Behind some VPNs, and in some views of apps, browsers take themselves to be offline for good. */
export function createNetwork(page: EventTarget & { readonly navigator?: Navigator }): Network {
  const waiting = new Set<() => void>()
  let isRefuted: 'perhaps' | boolean = false
  // Only a clear no counts: a yes is often wrong as well.
  const isOnline = () => Boolean(isRefuted) || page.navigator?.onLine !== false
  // From then on it is about another network.
  const forget = () => {
    isRefuted = false
  }
  return {
    isOnline,
    onOnline(run) {
      waiting.add(run)
      page.addEventListener('online', run)
      return () => {
        waiting.delete(run)
        page.removeEventListener('online', run)
      }
    },
    answered(isSure) {
      if (page.navigator?.onLine !== false || isRefuted === true) return
      const wasOnline = isOnline()
      isRefuted = isSure || 'perhaps'
      for (const name of ['online', 'offline']) page.addEventListener(name, forget, { once: true })
      if (!wasOnline) for (const run of waiting) run()
    },
    failed() {
      if (isRefuted === 'perhaps') forget()
    },
  }
}
