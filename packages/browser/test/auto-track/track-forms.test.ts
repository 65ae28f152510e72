import { describe, expect, it, vi } from 'vitest'
import { trackForms } from '../../src/auto-track/track-forms'
import type { FormArguments } from '../../src/auto-track/types'
import { createFakeJQuery, type FakeEvent } from './support/fake-jquery'
import { both, find, keepsNothing, show, startPage, useFakePages } from './support/start-page'

const html = `
  <form action="/search" method="post">
    <input name="q" value="shoes" required>
    <button name="in" value="shop">Search the shop</button>
  </form>`
const fields = [
  ['q', 'shoes'],
  ['in', 'shop'],
]
const prevent = (event: { preventDefault(): void }) => event.preventDefault()

useFakePages()

describe('a submission of a form', () => {
  it('is tracked within the submission, with empty properties and options when none are given', async () => {
    const { analytics, tracked } = await startPage()
    const form = show<HTMLFormElement>(html)
    trackForms(analytics, form, 'Searched')

    form.requestSubmit()

    expect(tracked).toEqual([['Searched', {}, {}]])
  })

  it('is tracked with what functions make of the form', async () => {
    const { analytics, tracked } = await startPage()
    const form = show<HTMLFormElement>(html)
    const options = { integrations: { All: true } }
    trackForms(
      analytics,
      form,
      ({ method }) => `Searched with ${method}`,
      (form) => ({ q: new FormData(form).get('q') }),
      options,
    )

    form.requestSubmit()

    expect(tracked).toEqual([['Searched with post', { q: 'shoes' }, options]])
  })

  it.each<[string, () => FormArguments[0], number]>([
    ['a form', () => find<HTMLFormElement>('form'), 1],
    ['an array', () => [...document.forms], 2],
    ['what querySelectorAll answers', () => document.querySelectorAll('form'), 2],
    ["a list with jQuery's toArray", () => ({ toArray: () => [...document.forms] }), 2],
    ['an empty list', () => [], 0],
    ['null', () => null, 0],
  ])('is tracked for %s', async (_, forms, count) => {
    const { analytics, tracked } = await startPage()
    show('<p><form action="/one"><input></form><form action="/two"></form></p>')
    trackForms(analytics, forms(), 'Sent')

    for (const form of document.querySelectorAll('form')) form.requestSubmit()

    expect(tracked).toHaveLength(count)
  })

  it.each([
    ['a selector', 'form'],
    ['an object', {}],
    ['a list with something else in it', [document.createElement('form'), 'form']],
  ])('is not tracked for %s, and the caller is told', async (_, forms) => {
    const { analytics } = await startPage()

    expect(() => Reflect.apply(trackForms, undefined, [analytics, forms, 'Sent'])).toThrow(
      new TypeError('trackForm takes an element, a list of elements or null'),
    )
  })

  it('rejects in the client when it is not given a form', async () => {
    const { analytics } = await startPage()

    await expect(Reflect.apply(analytics.trackForm, undefined, ['form', 'Sent'])).rejects.toThrow(TypeError)
    await expect(Reflect.apply(analytics.trackSubmit, undefined, [['form'], 'Sent'])).rejects.toThrow(
      TypeError,
    )
  })
})

describe('a submission whose event is kept', () => {
  it('is left to the browser, which submits at once and once', async () => {
    const { analytics, submitted } = await startPage()
    show(html)
    trackForms(analytics, find<HTMLFormElement>('form'), 'Searched')

    find<HTMLElement>('button').click()

    expect(submitted).toEqual([fields])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(submitted).toHaveLength(1)
  })
})

describe('a submission whose event is kept and for a destination of the page, too', () => {
  it('waits for that one, since it ends with the page', async () => {
    const { analytics, submitted, answer } = await startPage({}, both)
    show(html)
    trackForms(analytics, find<HTMLFormElement>('form'), 'Searched')
    find<HTMLElement>('button').click()
    await vi.advanceTimersByTimeAsync(30)
    expect(submitted).toEqual([])

    answer()
    await vi.advanceTimersByTimeAsync(0)

    expect(submitted).toEqual([fields])
  })
})

describe('a submission whose event is not kept', () => {
  const startWaiting = async (content = html) => {
    const page = await startPage(keepsNothing)
    show(content)
    const form = find<HTMLFormElement>('form')
    return { ...page, form, submit: () => find<HTMLElement>('button').click() }
  }

  it('is made when the event is delivered, with the name and value of the button', async () => {
    const { analytics, form, submitted, submit, answer } = await startWaiting()
    trackForms(analytics, form, 'Searched')
    submit()
    await vi.advanceTimersByTimeAsync(100)
    expect(submitted).toEqual([])

    answer()
    await vi.advanceTimersByTimeAsync(0)

    expect(submitted).toEqual([fields])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(submitted).toHaveLength(1)
  })

  it('is made when the time is up', async () => {
    const { analytics, form, submitted, submit, errors } = await startWaiting()
    analytics.timeout(50)
    trackForms(analytics, form, 'Searched')
    submit()
    await vi.advanceTimersByTimeAsync(49)
    expect(submitted).toEqual([])

    await vi.advanceTimersByTimeAsync(1)

    expect(submitted).toEqual([fields])
    expect(errors).toEqual([])
  })

  it('is made when the event could not be delivered', async () => {
    const { analytics, form, submitted, submit, answer } = await startWaiting()
    trackForms(analytics, form, 'Searched')
    submit()

    answer(new Error('No'))
    await vi.advanceTimersByTimeAsync(0)

    expect(submitted).toEqual([fields])
  })

  it('goes where the button says, and the form says afterwards what it said before', async () => {
    const { analytics, form, submit } = await startWaiting()
    const button = find('button')
    button.setAttribute('formaction', '/shop')
    button.setAttribute('formenctype', 'text/plain')
    const attributes = () => ['action', 'method', 'enctype'].map((name) => form.getAttribute(name))
    const said: unknown[] = []
    vi.spyOn(form, 'submit').mockImplementation(() => void said.push(attributes()))
    trackForms(analytics, form, 'Searched')
    submit()

    await vi.advanceTimersByTimeAsync(300)

    expect(said).toEqual([['/shop', 'post', 'text/plain']])
    expect(attributes()).toEqual(['/search', 'post', null])
  })

  it('is heard and tracked once', async () => {
    const { analytics, form, submitted, submit, tracked } = await startWaiting()
    const heard: string[] = []
    const hear = ({ currentTarget }: Event) =>
      heard.push(String(currentTarget === form ? 'form' : 'document'))
    form.addEventListener('submit', hear)
    document.addEventListener('submit', hear)
    document.addEventListener('submit', hear, { capture: true })
    trackForms(analytics, form, 'Searched')
    submit()

    await vi.advanceTimersByTimeAsync(300)

    expect(heard).toEqual(['document', 'form', 'document'])
    expect(tracked).toHaveLength(1)
    expect(submitted).toHaveLength(1)
    document.removeEventListener('submit', hear)
    document.removeEventListener('submit', hear, { capture: true })
  })

  it('is made with the fields of then, which are not validated again', async () => {
    const { analytics, form, submitted, submit } = await startWaiting()
    trackForms(analytics, form, 'Searched')
    submit()
    // As applications do that empty a form when it was sent.
    find<HTMLInputElement>('input').value = ''
    const invalid = vi.fn()
    find('input').addEventListener('invalid', invalid)

    await vi.advanceTimersByTimeAsync(300)

    expect(submitted).toEqual([fields])
    expect(invalid).not.toHaveBeenCalled()
    expect(form.noValidate).toBe(false)
  })

  it('does not happen, nor is it tracked, while the fields are wrong', async () => {
    const { analytics, form, submitted, submit, tracked } = await startWaiting()
    trackForms(analytics, form, 'Searched')
    find<HTMLInputElement>('input').value = ''

    submit()
    await vi.advanceTimersByTimeAsync(300)

    expect(tracked).toEqual([])
    expect(submitted).toEqual([])
  })

  it('hears of the next submission as before', async () => {
    const { analytics, form, submitted, submit, tracked } = await startWaiting()
    trackForms(analytics, form, 'Searched')
    submit()
    await vi.advanceTimersByTimeAsync(300)

    submit()
    expect(submitted).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(300)

    expect(tracked).toHaveLength(2)
    expect(submitted).toHaveLength(2)
  })

  it.each<[string, (form: HTMLFormElement) => void]>([
    ['the button was disabled', () => Object.assign(find('button'), { disabled: true })],
    ['all fields were disabled', () => Object.assign(find('input'), { disabled: true })],
    ['the button has gone', () => find('button').remove()],
    ['the form has gone', (form) => form.remove()],
    ['all around the form has gone', () => find('main').remove()],
  ])('is made with all its fields, though meanwhile %s', async (_, change) => {
    const { analytics, form, submitted, submit } = await startWaiting(`<main>${html}</main>`)
    trackForms(analytics, form, 'Searched')
    submit()
    change(form)
    const { parentNode } = form

    await vi.advanceTimersByTimeAsync(300)

    expect(submitted).toEqual([fields])
    expect(form.parentNode).toBe(parentNode)
  })

  it('is made once for a visitor who presses twice: with the button that they pressed last', async () => {
    const { analytics, form, submitted, submit, tracked } = await startWaiting()
    trackForms(analytics, form, 'Searched')
    submit()
    await vi.advanceTimersByTimeAsync(200)
    find<HTMLButtonElement>('button').value = 'blog'
    submit()

    await vi.advanceTimersByTimeAsync(100)

    const blog = [
      ['q', 'shoes'],
      ['in', 'blog'],
    ]
    expect(submitted).toEqual([blog])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(submitted).toHaveLength(1)
    expect(tracked).toHaveLength(2)
  })

  it('is not made when the visitor has gone to another page meanwhile, and comes back', async () => {
    const { analytics, form, submitted, submit } = await startWaiting()
    trackForms(analytics, form, 'Searched')
    submit()
    window.dispatchEvent(new Event('pagehide'))

    await vi.advanceTimersByTimeAsync(300)
    expect(submitted).toEqual([])
    submit()
    await vi.advanceTimersByTimeAsync(300)

    expect(submitted).toEqual([fields])
  })

  it('is made in browsers that cannot be asked to submit', async () => {
    const { analytics, form, submitted, submit } = await startWaiting()
    trackForms(analytics, form, 'Searched')
    submit()
    Object.defineProperty(form, 'requestSubmit', { value: undefined, configurable: true })

    await vi.advanceTimersByTimeAsync(300)

    expect(submitted).toEqual([fields])
  })

  it.each<[string, string, string[][]]>([
    ['a button', '<button name="in" value="shop">', [['in', 'shop']]],
    ['a button without a name', '<button value="shop">', []],
  ])('has the value of %s in browsers whose form data know of no buttons', async (_, button, pressed) => {
    const { analytics, form, submitted } = await startWaiting(`<form action="/search">${button}</form>`)
    const { FormData } = globalThis
    vi.stubGlobal(
      'FormData',
      class extends FormData {
        constructor(form?: HTMLFormElement) {
          super(form)
        }
      },
    )
    trackForms(analytics, form, 'Searched')
    form.requestSubmit(find<HTMLElement>('[name], [value]'))

    await vi.advanceTimersByTimeAsync(300)

    expect(submitted).toEqual([pressed])
  })

  it('is made once for two who track the same form', async () => {
    const { analytics, form, submitted, submit, tracked } = await startWaiting()
    trackForms(analytics, form, 'One')
    trackForms(analytics, form, 'Two')
    submit()

    await vi.advanceTimersByTimeAsync(300)

    expect(tracked.map(([event]) => event)).toEqual(['One', 'Two'])
    expect(submitted).toHaveLength(1)
  })

  it('is made for the form that was submitted when an element around it is tracked', async () => {
    const { analytics, submitted, submit } = await startWaiting(`<div>${html}</div>`)
    Reflect.apply(trackForms, undefined, [analytics, find('div'), 'Searched'])
    submit()
    expect(submitted).toEqual([])

    await vi.advanceTimersByTimeAsync(300)

    expect(submitted).toEqual([fields])
  })

  it('is made in a shadow tree too, and heard once there', async () => {
    const { analytics, submitted, tracked } = await startWaiting(`<div></div>${html}`)
    const root = find('div').attachShadow({ mode: 'open' })
    root.innerHTML = html
    const form = root.querySelector('form')
    const heard = vi.fn()
    root.addEventListener('submit', heard)
    trackForms(analytics, form, 'Searched')

    form?.querySelector('button')?.click()
    expect(submitted).toEqual([])
    await vi.advanceTimersByTimeAsync(300)

    expect(submitted).toEqual([fields])
    expect(heard).toHaveBeenCalledTimes(1)
    expect(tracked).toHaveLength(1)
  })

  it.each([
    ['opens a tab', '<form action="/x" target="_blank"><button></button></form>'],
    ['shows its answer in a frame', '<form action="/x" target="frame"><button></button></form>'],
    ['has a button that opens a tab', '<form action="/x"><button formtarget="_blank"></button></form>'],
  ])('is left to the browser if it %s, since the page stays', async (_, content) => {
    const { analytics, form, submitted, submit, tracked } = await startWaiting(content)
    trackForms(analytics, form, 'Sent')
    const seen: boolean[] = []
    const see = (event: Event) => {
      seen.push(event.defaultPrevented)
      // A tab of the tests would really open.
      event.preventDefault()
    }
    window.addEventListener('submit', see)

    submit()
    await vi.advanceTimersByTimeAsync(300)

    expect(tracked).toHaveLength(1)
    expect(submitted).toEqual([])
    window.removeEventListener('submit', see)
  })

  it.each([
    ['form', '<dialog open><form method="dialog"><button value="yes"></button></form></dialog>'],
    [
      'button',
      '<dialog open><form action="/x"><button formmethod="dialog" value="yes"></button></form></dialog>',
    ],
  ])('closes a dialog at once if the %s says so', async (_, content) => {
    const { analytics, form, submit, tracked } = await startWaiting(content)
    trackForms(analytics, form, 'Sent')

    submit()

    expect(tracked).toHaveLength(1)
    expect(find<HTMLDialogElement>('dialog').returnValue).toBe('yes')
  })

  it('waits when the button says that it stays in this page, whatever the form says', async () => {
    const { analytics, form, submitted, submit } = await startWaiting(
      '<form action="/x" target="_blank"><button formtarget="_self" name="a" value="b"></button></form>',
    )
    trackForms(analytics, form, 'Sent')
    submit()
    expect(submitted).toEqual([])

    await vi.advanceTimersByTimeAsync(300)

    expect(submitted).toEqual([[['a', 'b']]])
  })

  it.each([false, true])(
    'is not made of an event that a script made up, cancelable: %s',
    async (cancelable) => {
      const { analytics, form, submitted, tracked } = await startWaiting()
      trackForms(analytics, form, 'Searched')
      const event = new Event('submit', { bubbles: true, cancelable })
      // As browsers say of them.
      Object.defineProperty(event, 'isTrusted', { value: false })

      expect(form.dispatchEvent(event)).toBe(true)
      await vi.advanceTimersByTimeAsync(300)

      expect(tracked).toHaveLength(1)
      expect(submitted).toEqual([])
    },
  )

  it('is made though fields are named like what forms can do', async () => {
    const { analytics, form, submit } = await startWaiting()
    trackForms(analytics, form, 'Searched')
    submit()
    // As browsers do for `name="submit"`.
    Object.defineProperty(form, 'submit', { value: find('input'), configurable: true })
    const native = vi.spyOn(HTMLFormElement.prototype, 'submit').mockImplementation(() => {})

    await vi.advanceTimersByTimeAsync(300)

    expect(native.mock.contexts).toEqual([form])
  })
})

describe.each([
  ['kept', {}],
  ['not kept', keepsNothing],
])('when somebody else sends the form and events are %s', (_, options) => {
  it.each([
    ['before us', (form: Element) => form, true],
    ['after us', (form: Element) => form, false],
    ['at the root of the application', () => document.body, false],
  ])('it is tracked and nothing else, if they do so %s', async (_, where, isBefore) => {
    const { analytics, tracked, submitted } = await startPage(options)
    const form = show<HTMLFormElement>(html)
    const root = where(form)
    if (isBefore) root.addEventListener('submit', prevent)
    trackForms(analytics, form, 'Searched')
    if (!isBefore) root.addEventListener('submit', prevent)

    find<HTMLElement>('button').click()
    await vi.advanceTimersByTimeAsync(1_000)

    expect(tracked).toHaveLength(1)
    expect(submitted).toEqual([])
    root.removeEventListener('submit', prevent)
  })
})

describe('when tracking goes wrong', () => {
  it('the form is submitted at once and the console is told', async () => {
    const { analytics, submitted, tracked, errors } = await startPage(keepsNothing)
    const form = show<HTMLFormElement>(html)
    const fault = new Error('No name')
    trackForms(analytics, form, () => {
      throw fault
    })

    find<HTMLElement>('button').click()

    expect(submitted).toEqual([fields])
    expect(tracked).toEqual([])
    expect(errors).toEqual([['A click or a submission was not tracked', fault]])
  })
})

describe('a form that is submitted through jQuery', () => {
  const startWithJQuery = async (options = {}) => {
    const jQuery = createFakeJQuery()
    vi.stubGlobal('jQuery', jQuery)
    const page = await startPage(options)
    const form = show<HTMLFormElement>(html)
    trackForms(page.analytics, form, 'Searched')
    return { ...page, jQuery, form }
  }

  it('is tracked once, though the browser tells nobody', async () => {
    const { jQuery, form, tracked, submitted } = await startWithJQuery()

    jQuery(form).trigger('submit')

    expect(tracked).toHaveLength(1)
    expect(submitted).toHaveLength(1)
  })

  it('is tracked once when the visitor submits it', async () => {
    const { tracked, submitted } = await startWithJQuery()

    find<HTMLElement>('button').click()

    expect(tracked).toHaveLength(1)
    expect(submitted).toEqual([fields])
  })

  it.each([
    ['comes later than the call', undefined],
    ['is a list of what to do when it comes', () => {}],
  ])('is tracked once where jQuery %s', async (_, jQueryBefore) => {
    vi.stubGlobal('jQuery', jQueryBefore)
    const { analytics, tracked, submitted } = await startPage()
    const form = show<HTMLFormElement>(html)
    trackForms(analytics, form, 'Searched')
    const jQuery = createFakeJQuery()
    vi.stubGlobal('jQuery', jQuery)
    window.dispatchEvent(new Event('load'))

    jQuery(form).trigger('submit')

    expect(tracked).toHaveLength(1)
    expect(submitted).toHaveLength(1)
  })

  it('waits when the event is not kept, and is then submitted as jQuery would', async () => {
    const { jQuery, form, tracked, submitted } = await startWithJQuery(keepsNothing)
    jQuery(form).trigger('submit')
    expect(submitted).toEqual([])

    await vi.advanceTimersByTimeAsync(300)

    expect(submitted).toEqual([[['q', 'shoes']]])
    expect(tracked).toHaveLength(1)
  })

  it.each([
    ['on the form', (form: Element) => form],
    ['on the document', () => document],
  ])('is only tracked when somebody prevents it %s after us', async (_, where) => {
    const { jQuery, form, tracked, submitted } = await startWithJQuery(keepsNothing)
    const isPrevented: boolean[] = []
    jQuery(where(form)).on('submit', (event: FakeEvent) => {
      isPrevented.push(event.isDefaultPrevented())
      event.preventDefault()
    })

    jQuery(form).trigger('submit')
    await vi.advanceTimersByTimeAsync(300)

    expect(isPrevented).toEqual([false])
    expect(tracked).toHaveLength(1)
    expect(submitted).toEqual([])
  })

  it('is submitted even if its button is named like the method', async () => {
    const { jQuery, form, submitted } = await startWithJQuery(keepsNothing)
    Object.defineProperty(form, 'submit', { value: find('button'), configurable: true })
    const native = vi.spyOn(HTMLFormElement.prototype, 'submit').mockImplementation(() => {})

    jQuery(form).trigger('submit')
    await vi.advanceTimersByTimeAsync(300)

    expect(submitted).toEqual([])
    expect(native.mock.contexts).toEqual([form])
  })
})

describe.each(['trackForm', 'trackSubmit'] as const)('the method %s of a client', (method) => {
  it('tracks submissions from the moment at which it answers', async () => {
    const { analytics } = await startPage()
    const accepted: unknown[] = []
    analytics.on('dispatch_start', ({ event }) => accepted.push([event.event, event.properties]))
    const form = show<HTMLFormElement>(html)

    expect(await analytics[method](form, 'Searched', ({ method }) => ({ method }))).toBe(analytics)
    form.requestSubmit()

    expect(accepted).toEqual([['Searched', { method: 'post' }]])
  })
})
