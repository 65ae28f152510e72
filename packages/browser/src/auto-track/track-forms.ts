import { memberOf } from '../past-markup'
import { atEnd, lastTargetOf, listenOn } from './at-end'
import { holdSubmission } from './held-submission'
import { isThisPage } from './is-this-page'
import { type JQueryEvent, onJQuerySubmit } from './jquery-submit'
import { createLeaveLater, type LeaveLater } from './leave-later'
import { isElement, toElements } from './to-elements'
import { trackElement } from './track-element'
import type { TrackingClient } from './tracking-client'
import type { FormArguments } from './types'

/**
 * Tracks submissions of forms. The browser submits them by itself, and at once when there is nothing to wait for;
 * otherwise a submission that leaves the page waits for the event and is then made as it would have been.
 */
export function trackForms(analytics: TrackingClient, ...[forms, ...call]: FormArguments): void {
  for (const element of toElements(forms, 'trackForm')) {
    const leaveLater = createLeaveLater()
    memberOf(element, 'addEventListener')('submit', (event) => {
      const wait = trackElement(analytics, element, call)
      // What a script has made up submits nothing.
      if (wait && event.isTrusted !== false) submitLater(event, wait, leaveLater)
    })
    onJQuerySubmit(element, (event) => {
      const wait = trackElement(analytics, element, call)
      if (wait) submitLaterAsJQuery(event, wait, leaveLater)
    })
  }
}

function submitLater(event: SubmitEvent, wait: Promise<unknown>, leaveLater: LeaveLater): void {
  const { target: form, submitter } = event
  atEnd(event, listenOn(lastTargetOf(event), 'submit'), () => {
    if (event.defaultPrevented || !isForm(form) || !leavesPage(form, submitter)) return
    const submit = holdSubmission(form, submitter)
    event.preventDefault()
    leaveLater(wait, submit)
  })
}

function submitLaterAsJQuery(event: JQueryEvent, wait: Promise<unknown>, leaveLater: LeaveLater): void {
  const { target: form } = event
  const listenLast = (run: (event: JQueryEvent) => void) => onJQuerySubmit(window, run)
  atEnd(event, listenLast, () => {
    if (event.isDefaultPrevented() || !isForm(form) || !leavesPage(form, null)) return
    const submit = holdSubmission(form, null)
    event.preventDefault()
    leaveLater(wait, submit)
  })
}

function isForm(target: EventTarget | null): target is HTMLFormElement {
  return isElement(target) && memberOf(target, 'matches')('form')
}

function leavesPage(form: HTMLFormElement, submitter: HTMLElement | null): boolean {
  const said = (name: string) =>
    submitter?.getAttribute(`form${name}`) ?? memberOf(form, 'getAttribute')(name)
  return isThisPage(said('target')) && said('method')?.toLowerCase() !== 'dialog'
}
