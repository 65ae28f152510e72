import { memberOf } from '../past-markup'
import { atEnd, lastTargetOf, listenOn } from './at-end'
import { isThisPage } from './is-this-page'
import { createLeaveLater } from './leave-later'
import { isElement, toElements } from './to-elements'
import { trackElement } from './track-element'
import type { TrackingClient } from './tracking-client'
import type { LinkArguments } from './types'

/** What a link says besides where it leads. */
const manners = ['target', 'rel', 'referrerpolicy', 'download', 'ping']

/**
 * Tracks clicks on links. The browser follows them by itself, and at once when there is nothing to wait for; otherwise a
 * click that leaves the page waits for the event. Elements that are no links and have a `href`, or a link in them, are
 * followed too.
 */
export function trackLinks(analytics: TrackingClient, ...[links, ...call]: LinkArguments): void {
  for (const element of toElements(links, 'trackLink')) {
    const leaveLater = createLeaveLater()
    memberOf(element, 'addEventListener')('click', (event) => {
      const wait = trackElement(analytics, element, call)
      if (event.defaultPrevented || opensElsewhere(event)) return
      const clicked = event.composedPath().find(isLink)
      const hold = wait && ((go: () => void) => leaveLater(wait, go))
      if (!clicked) followSaid(element, event, hold)
      else if (hold && isFollowed(event)) followLater(clicked, event, hold)
    })
  }
}

/** Lets it happen when there is nothing to wait for any more. */
type Hold = (go: () => void) => void

/** The browser would follow the link itself: it has to wait. */
function followLater(link: Element, event: Event, hold: Hold): void {
  atEnd(event, listenOn(lastTargetOf(event), 'click'), () => {
    const copy = copyOf(link)
    if (event.defaultPrevented || !leavesPage(copy)) return
    event.preventDefault()
    // What cannot be held back is under way.
    if (event.defaultPrevented) hold(() => copy.click())
  })
}

/** The browser would do nothing: the element only says where to go. */
function followSaid(element: Element, event: Event, hold: Hold | undefined): void {
  let isOver = false
  const follow = () => {
    const said = hrefOf(element) ? element : memberOf(element, 'querySelector')('a')
    if (isOver || event.defaultPrevented || !said || !hrefOf(said)) return
    // A `_blank` of its own tells that the application opens it.
    if (said === element && memberOf(element, 'getAttribute')('target') === '_blank') return
    isOver = true
    event.preventDefault()
    const copy = copyOf(said)
    if (hold) hold(() => copy.click())
    else copy.click()
  }
  atEnd(event, listenOn(lastTargetOf(event), 'click'), follow)
  // Who stops a click on its way has not taken it: a link would be followed too.
  setTimeout(follow)
}

/** Whether browsers follow a link when this happens to it. Scripts may make up a click that is none of a mouse. */
function isFollowed(event: Event): boolean {
  return event.isTrusted || 'button' in event
}

function isLink(target: EventTarget): target is Element {
  return isElement(target) && memberOf(target, 'matches')('a, area') && !!hrefOf(target)
}

function hrefOf(element: Element): string | null {
  const said = memberOf(element, 'getAttribute')
  const saidIn = memberOf(element, 'getAttributeNS')
  return said('href') || saidIn('http://www.w3.org/1999/xlink', 'href') || said('xlink:href')
}

/** Keys and buttons by which visitors ask for a tab, a window or a file. */
function opensElsewhere({ button, ctrlKey, shiftKey, metaKey, altKey }: Partial<MouseEvent>): boolean {
  return !!(button || ctrlKey || shiftKey || metaKey || altKey)
}

/** A link that leads to the same place in the same manner. Nobody listens to it, so nobody hears a click twice. */
function copyOf(link: Element): HTMLAnchorElement {
  const copy = memberOf(memberOf(link, 'ownerDocument'), 'createElement')('a')
  copy.href = hrefOf(link) ?? ''
  for (const name of manners) {
    const value = memberOf(link, 'getAttribute')(name)
    if (value !== null) copy.setAttribute(name, value)
  }
  return copy
}

function leavesPage(link: HTMLAnchorElement): boolean {
  if (!isThisPage(link.target) || link.hasAttribute('download')) return false
  if (!/^(https?|file):/.test(link.href)) return false
  const [page, part] = link.href.split('#')
  return part === undefined || page !== location.href.split('#')[0]
}
