/**
 * The only reader of what markup can define. An element with a name stands under that name among the members of
 * `document` and of its form, before those that they have, and among the globals that nobody has defined. Sanitizers let
 * names pass, so they must decide nothing: whatever is read of documents, forms and globals is read here, and a test
 * finds what is not.
 */
import { guarded } from './storage/guarded'

/**
 * A member of a document or an element; methods can be called as they are. What a script has put in its place counts,
 * such as the `cookie` of a consent tool. Elements, lists of them and frames do not.
 */
export function memberOf<Of extends object, Name extends keyof Of>(of: Of, name: Name): Of[Name] {
  const found = of[name]
  const isMarkup = Object(found) === found && !(found instanceof Function)
  // What is an object by nature is read there as well: scripts rarely replace it.
  const member: Of[Name] = isMarkup ? Reflect.get(Object.getPrototypeOf(of), name, of) : found
  return typeof member === 'function' ? member.bind(of) : member
}

/** A member of this page's document. Nothing where there is no document, as in a worker. */
export function ofPage<Name extends keyof Document>(name: Name): Document[Name] | undefined {
  const { document }: Partial<Pick<typeof globalThis, 'document'>> = globalThis
  return document ? memberOf(document, name) : undefined
}

/** A text that this page's document has of itself. What is no text counts as empty. */
export function textOfPage(name: 'cookie' | 'title' | 'referrer'): string {
  const text: unknown = guarded(() => ofPage(name))
  return typeof text === 'string' ? text : ''
}

/** Whether there is a page. Servers may have something else under the name of its document. */
export function isPage(): boolean {
  return ofPage('nodeType') === 9
}

/** Whether the browser has loaded this page ahead, and the visitor may never see it. No element is `true`. */
export function isPrerendered(): boolean {
  return Reflect.get(Object(globalThis.document), 'prerendering') === true
}

/** A global that the host or a script has defined. One that throws counts as none. */
export function globalNamed(name: string): unknown {
  return guarded(() => (Object.hasOwn(globalThis, name) ? Reflect.get(globalThis, name) : undefined))
}
