import type { Categories, CreateWrapperSettings } from '@segment/analytics-consent-tools'

/** A banner that asks the visitor what they agree to, as consent platforms put one on the page. */
export interface ConsentManager {
  isOpen(): boolean
  categories(): Categories
  /** The visitor chooses, for the first time or anew. */
  choose(categories: Categories): void
  /** What the consent tools ask of a platform. */
  readonly adapter: Pick<CreateWrapperSettings, 'getCategories' | 'registerOnConsentChanged'>
}

export function createConsentManager(initial?: Categories): ConsentManager {
  const listeners: ((categories: Categories) => void)[] = []
  let chosen = initial
  return {
    isOpen: () => chosen === undefined,
    categories: () => chosen ?? {},
    choose(categories) {
      chosen = categories
      for (const listener of listeners) listener(categories)
    },
    adapter: {
      getCategories: () => chosen ?? {},
      registerOnConsentChanged: (listener) => void listeners.push(listener),
    },
  }
}
