import { memberOf } from '../past-markup'

/** What a button says in the place of its form. */
const overrides = ['action', 'method', 'enctype', 'target']

/**
 * Takes down a submission as the visitor makes it: the fields with their values of now, those of the pressed button, and
 * where that leads. Answers how to make it later: once and as taken down, whatever became of the form and its fields. No
 * listener is asked a second time, and nothing is validated again.
 */
export function holdSubmission(form: HTMLFormElement, button: HTMLElement | null): () => void {
  const entries = [...entriesOf(form, button)]
  const said = overrides.flatMap((name) => {
    const value = button?.getAttribute(`form${name}`) ?? undefined
    return value === undefined ? [] : [{ name, value }]
  })
  return () => {
    const fill = (event: FormDataEvent) => {
      event.stopImmediatePropagation()
      const { formData } = event
      for (const name of new Set(formData.keys())) formData.delete(name)
      for (const [name, value] of entries) formData.append(name, value)
    }
    const putBack = memberOf(form, 'isConnected') ? undefined : attach(form)
    const before = said.map(({ name }) => ({ name, value: memberOf(form, 'getAttribute')(name) }))
    for (const { name, value } of said) memberOf(form, 'setAttribute')(name, value)
    memberOf(form, 'addEventListener')('formdata', fill, true)
    try {
      memberOf(form, 'submit')()
    } finally {
      memberOf(form, 'removeEventListener')('formdata', fill, true)
      for (const { name, value } of before)
        if (value === null) memberOf(form, 'removeAttribute')(name)
        else memberOf(form, 'setAttribute')(name, value)
      putBack?.()
    }
  }
}

function entriesOf(form: HTMLFormElement, button: HTMLElement | null): FormData {
  if (!button || readsButtons(form)) return new FormData(form, button)
  const entries = new FormData(form)
  const name = button.getAttribute('name')
  if (button.matches(':disabled')) return entries
  if (button.getAttribute('type') === 'image')
    // Where it was pressed, these browsers tell nobody.
    for (const axis of ['x', 'y']) entries.append(name ? `${name}.${axis}` : axis, '0')
  else if (name) entries.append(name, button.getAttribute('value') ?? '')
  return entries
}

/** Safari before 16.4 takes no notice of a button. */
function readsButtons(given: HTMLFormElement): boolean {
  const createElement = memberOf(memberOf(given, 'ownerDocument'), 'createElement')
  const form = createElement('form')
  const button = createElement('button')
  button.name = button.value = 'pressed'
  form.append(button)
  return new FormData(form, button).has('pressed')
}

/** Browsers submit no form that is not in the page. Answers how to take it out again. */
function attach(form: HTMLFormElement): () => void {
  const parent = memberOf(form, 'parentNode')
  const next = memberOf(form, 'nextSibling')
  memberOf(memberOf(form, 'ownerDocument'), 'body').append(form)
  return () => {
    if (parent) memberOf(parent, 'insertBefore')(form, next)
    else memberOf(form, 'remove')()
  }
}
