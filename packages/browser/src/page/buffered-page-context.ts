import { isPlainObject } from '@sluice/core'
import { ofPage, textOfPage } from '../past-markup'
import { guarded } from '../storage/guarded'

/** Marks the last argument of a call as the page it was made on. */
export const BufferedPageContextDiscriminant = 'bpc'

/** The page of a call that had to wait for the library. The keys are short because snippets write them too. */
export interface BufferedPageContext {
  __t: typeof BufferedPageContextDiscriminant
  /** Canonical address, if the page names one. */
  c: string | undefined
  /** Path. */
  p: string
  /** Whole address. */
  u: string
  /** Query, with its `?`. */
  s: string
  /** Title. */
  t: string
  /** Referrer. */
  r: string
}

export function createBufferedPageContext(
  url: string,
  canonical: string | undefined,
  search: string,
  path: string,
  title: string,
  referrer: string,
): BufferedPageContext {
  return {
    __t: BufferedPageContextDiscriminant,
    c: canonical,
    p: path,
    u: url,
    s: search,
    t: title,
    r: referrer,
  }
}

/** The page as it is now. Where there is no document, as in a worker or on a server, what is missing is empty. */
export function getDefaultBufferedPageContext(): BufferedPageContext {
  const { location }: Partial<Pick<Window, 'location'>> = globalThis
  const { href = '', search = '', pathname = '' } = location ?? {}
  const canonical = guarded(() => ofPage('querySelector')?.("link[rel='canonical']")?.getAttribute('href'))
  return {
    __t: BufferedPageContextDiscriminant,
    c: canonical || undefined,
    p: pathname,
    u: href,
    s: search,
    t: textOfPage('title'),
    r: textOfPage('referrer'),
  }
}

/** Whether an argument is the page of a call: marked as one and without any key that a page does not have. */
export function isBufferedPageContext(value: unknown): value is BufferedPageContext {
  // An argument that throws when read isn't a page; the call reports it.
  return guarded(
    () =>
      isPlainObject(value) &&
      value.__t === BufferedPageContextDiscriminant &&
      Object.keys(value).every((key) => /^(__t|[cprstu])$/.test(key)),
    false,
  )
}

/** Parts the arguments of a call from the page that may have been put behind them. */
export function splitPageContext<T>(args: readonly T[]): [args: T[], page: BufferedPageContext | undefined] {
  const last = args.at(-1)
  return isBufferedPageContext(last) ? [args.slice(0, -1), last] : [[...args], undefined]
}
