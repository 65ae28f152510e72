import { textOfPage } from '../past-markup'
import { guarded } from '../storage/guarded'
import type { BufferedPageContext } from './buffered-page-context'
import { getDefaultBufferedPageContext } from './buffered-page-context'

/** `context.page`: the page an event happened on. */
export interface PageContext {
  path: string
  referrer: string
  search: string
  title: string
  url: string
}

/** The page as events tell it. Its canonical address, where it names one, stands for the address shown. */
export function createPageContext({ c, p, r, s, t, u }: BufferedPageContext): PageContext {
  return {
    path: c ? pathOf(c) : p,
    referrer: told(r, 'referrer'),
    search: s,
    title: told(t, 'title'),
    // What replays calls from before the library was loaded may have left keys out.
    url: c ? (c.includes('?') ? c : c + (s ?? '')) : (u ?? '').replace(/#.*/s, ''),
  }
}

/** The page as it is now. */
export function getDefaultPageContext(): PageContext {
  return createPageContext(getDefaultBufferedPageContext())
}

// Snippets read what markup can define: an element is no title.
const told = (text: string, name: 'title' | 'referrer') =>
  typeof text === 'object' ? textOfPage(name) : text

function pathOf(canonical: string): string {
  return guarded(() => new URL(canonical).pathname, canonical.replace(/^(?!\/)/, '/'))
}
