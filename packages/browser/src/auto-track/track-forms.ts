import { globalNamed, memberOf } from '../past-markup'
import { atEnd, lastTargetOf, listenOn } from './at-end'
import { isThisPage } from './is-this-page'
import { isElement, toElements } from './to-elements'
import { trackElement } from './track-element'
import type { TrackingClient } from './tracking-client'
import type { FormArguments } from './types'

/** The part of jQuery that is used here. */
type JQuery = (target: EventTarget) => {
  on(event: 'submit', run: (event: JQueryEvent) => void): void
  off(event: 'submit', run: (event: JQueryEvent) => void): void
}

interface JQueryEvent {
  readonly target: EventTarget
  readonly originalEvent?: Event | undefined
  isDefaultPrevented(): boolean
  preventDefault(): void
}

/**
 * Tracks submissions of forms. The browser submits them by itself, and at once when there is nothing to wait for;
 * otherwise a submission that leaves the page waits for the event and is then made as it would have been.
 */
export function trackForms(analytics: TrackingClient, ...[forms, ...call]: FormArguments): void {
  const jQuery = findJQuery()
  for (const element of toElements(forms, 'trackForm')) {
    memberOf(element, 'addEventListener')('submit', (event) => {
      const wait = trackElement(analytics, element, call)
      // What a script has made up submits nothing.
      if (wait && event.isTrusted !== false) submitLater(event, wait)
    })
    jQuery?.(element).on('submit', (event) => {
      // What the browser told jQuery, it has told us as well.
      if (event.originalEvent) return
      const wait = trackElement(analytics, element, call)
      if (wait) submitLaterAsJQuery(jQuery, event, wait)
    })
  }
}

function submitLater(event: SubmitEvent, wait: Promise<unknown>): void {
  const { target: form, submitter } = event
  const last = lastTargetOf(event)
  atEnd(event, listenOn(last, 'submit'), () => {
    if (event.defaultPrevented || !isForm(form) || !leavesPage(form, submitter)) return
    event.preventDefault()
    const isDisabled = !!submitter?.hasAttribute('disabled')
    void wait.then(() => submit(form, { submitter, isDisabled }, last))
  })
}

interface Button {
  submitter: HTMLElement | null
  /** When the form was submitted. */
  isDisabled: boolean
}

/**
 * Submits a form whose fields and listeners have had their say: neither is asked again. Fields may have the names of
 * methods, buttons like `submit`, and then stand in their place.
 */
function submit(form: HTMLFormElement, { submitter, isDisabled }: Button, root: EventTarget): void {
  const silence = (event: Event) => {
    if (event.target === form) event.stopImmediatePropagation()
  }
  const isUnchecked = memberOf(form, 'hasAttribute')('novalidate')
  // Many disable buttons meanwhile, against second submissions. A disabled one would lose its value.
  const isDisabledNow = !!submitter?.hasAttribute('disabled')
  submitter?.toggleAttribute('disabled', isDisabled)
  root.addEventListener('submit', silence, true)
  memberOf(form, 'toggleAttribute')('novalidate', true)
  try {
    memberOf(form, 'requestSubmit')(submitter)
  } catch {
    // The button has gone meanwhile.
    submitNow(form)
  } finally {
    memberOf(form, 'toggleAttribute')('novalidate', isUnchecked)
    submitter?.toggleAttribute('disabled', isDisabledNow)
    root.removeEventListener('submit', silence, true)
  }
}

function submitLaterAsJQuery(jQuery: JQuery, event: JQueryEvent, wait: Promise<unknown>): void {
  const form = event.target
  const last = jQuery(window)
  const listenLast = (run: (event: JQueryEvent) => void) => {
    last.on('submit', run)
    return () => last.off('submit', run)
  }
  atEnd(event, listenLast, () => {
    if (event.isDefaultPrevented() || !isForm(form) || !leavesPage(form, null)) return
    event.preventDefault()
    // As jQuery does.
    void wait.then(() => submitNow(form))
  })
}

function submitNow(form: HTMLFormElement): void {
  memberOf(form, 'submit')()
}

function isForm(target: EventTarget | null): target is HTMLFormElement {
  return isElement(target) && memberOf(target, 'matches')('form')
}

function leavesPage(form: HTMLFormElement, submitter: HTMLElement | null): boolean {
  const said = (name: string) =>
    submitter?.getAttribute(`form${name}`) ?? memberOf(form, 'getAttribute')(name)
  return isThisPage(said('target')) && said('method')?.toLowerCase() !== 'dialog'
}

/** The `submit()` of jQuery tells its own listeners alone. */
function findJQuery(): JQuery | undefined {
  const jQuery = globalNamed('jQuery')
  return typeof jQuery === 'function' ? (jQuery as JQuery) : undefined
}
