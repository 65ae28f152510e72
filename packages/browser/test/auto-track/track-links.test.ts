import { describe, expect, it, vi } from 'vitest'
import type { Analytics } from '../../src/analytics'
import { trackLinks } from '../../src/auto-track/track-links'
import type { LinkArguments } from '../../src/auto-track/types'
import { denyLocalStorage, fillLocalStorage } from '../storage/browser-storage'
import { both, find, keepsNothing, show, startPage, useFakePages } from './support/start-page'

const next = 'http://localhost:3000/next'
const html = '<a href="/next"><b>Next</b></a>'

/** Clicks as the visitor does; `false` when somebody prevented what the browser does then. */
const click = (element: Element, init: MouseEventInit = {}) =>
  element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, composed: true, ...init }))

/** The links that a script clicks from now on. */
function watchFollowed(): string[] {
  const followed: string[] = []
  vi.spyOn(HTMLElement.prototype, 'click').mockImplementation(function (this: HTMLElement) {
    followed.push(this.outerHTML)
  })
  return followed
}

const prevent = (event: Event) => event.preventDefault()

useFakePages()

describe('a click on a link', () => {
  it('is tracked within the click, with empty properties and options when none are given', async () => {
    const { analytics, tracked } = await startPage()
    const link = show(html)
    trackLinks(analytics, link, 'Link Clicked')

    click(link)

    expect(tracked).toEqual([['Link Clicked', {}, {}]])
  })

  it('is tracked with what functions make of the element', async () => {
    const { analytics, tracked } = await startPage()
    const link = show('<a href="/next" id="next">Next</a>')
    const options = { integrations: { All: true } }
    trackLinks(
      analytics,
      link,
      (element) => `${element.textContent} Clicked`,
      ({ id }) => ({ id }),
      options,
    )

    click(link)

    expect(tracked).toEqual([['Next Clicked', { id: 'next' }, options]])
  })

  it('is tracked each time', async () => {
    const { analytics, tracked } = await startPage()
    const link = show(html)
    trackLinks(analytics, link, 'Link Clicked')

    click(link)
    click(link)

    expect(tracked).toHaveLength(2)
  })

  it.each<[string, () => LinkArguments[0], number]>([
    ['an element', () => find('a'), 1],
    ['an array', () => [...document.querySelectorAll('a')], 2],
    ['what querySelectorAll answers', () => document.querySelectorAll('a'), 2],
    ['what getElementsByTagName answers', () => document.getElementsByTagName('a'), 2],
    ["a list with jQuery's toArray", () => ({ toArray: () => [...document.querySelectorAll('a')] }), 2],
    ['an empty list', () => [], 0],
    ['an empty NodeList', () => document.querySelectorAll('i'), 0],
    ['null', () => null, 0],
  ])('is tracked for %s', async (_, links, count) => {
    const { analytics, tracked } = await startPage()
    show('<p><a href="#one">One</a><a href="#two">Two</a></p>')
    trackLinks(analytics, links(), 'Link Clicked')

    click(find('a'))
    click(find('a + a'))

    expect(tracked).toHaveLength(count)
  })

  it.each([
    ['a selector', 'a'],
    ['a number', 7],
    ['an object', {}],
    ['a list with something else in it', [document.createElement('a'), null]],
    ['a text', document.createTextNode('a')],
    ['the document', document],
  ])('is not tracked for %s, and the caller is told', async (_, links) => {
    const { analytics } = await startPage()

    expect(() => Reflect.apply(trackLinks, undefined, [analytics, links, 'Link Clicked'])).toThrow(
      new TypeError('trackLink takes an element, a list of elements or null'),
    )
  })

  it('is tracked for none of the elements when one of them is wrong', async () => {
    const { analytics, tracked } = await startPage()
    const link = show(html)
    const attempt = () => Reflect.apply(trackLinks, undefined, [analytics, [link, 'a'], 'Link Clicked'])

    expect(attempt).toThrow(TypeError)
    click(link)
    expect(tracked).toEqual([])
  })
})

describe('a click whose event is kept', () => {
  it('is left to the browser, which follows the link at once and once', async () => {
    const { analytics, visited } = await startPage()
    const link = show(html)
    trackLinks(analytics, link, 'Link Clicked')

    expect(click(link)).toBe(true)

    expect(visited).toEqual([[next, '_self']])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(visited).toHaveLength(1)
  })

  it.each([
    ['is denied', denyLocalStorage],
    ['is full', fillLocalStorage],
  ])('waits when storage %s, as nothing is kept then', async (_, breakIt) => {
    breakIt()
    const { analytics, visited } = await startPage()
    const link = show(html)
    trackLinks(analytics, link, 'Link Clicked')

    expect(click(link)).toBe(false)

    expect(visited).toEqual([])
    await vi.advanceTimersByTimeAsync(300)
    expect(visited).toEqual([[next, '_self']])
  })
})

describe('a click whose event is kept and for a destination of the page, too', () => {
  it('waits as long as that one takes, since it ends with the page', async () => {
    const { analytics, visited, answer } = await startPage({}, both)
    const link = show(html)
    trackLinks(analytics, link, 'Link Clicked')

    expect(click(link)).toBe(false)
    await vi.advanceTimersByTimeAsync(30)
    expect(visited).toEqual([])
    answer()
    await vi.advanceTimersByTimeAsync(0)

    expect(visited).toEqual([[next, '_self']])
  })

  it('waits for 300 ms at most', async () => {
    const { analytics, visited } = await startPage({}, both)
    const link = show(html)
    trackLinks(analytics, link, 'Link Clicked')
    click(link)

    await vi.advanceTimersByTimeAsync(299)
    expect(visited).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(visited).toEqual([[next, '_self']])
  })

  it.each([
    ['switched off in the call', { integrations: { Vendor: false } }, {}],
    ['switched off for the page', {}, { integrations: { All: false, 'Segment.io': true } }],
  ])('is left to the browser when that is %s', async (_, ofCall, ofPage) => {
    const { analytics } = await startPage(ofPage, both)
    const link = show(html)
    trackLinks(analytics, link, 'Link Clicked', {}, ofCall)

    expect(click(link)).toBe(true)
  })

  it('is left to the browser when that wants no such events', async () => {
    const { analytics } = await startPage()
    const plugin = {
      name: 'Vendor',
      type: 'destination' as const,
      isLoaded: () => true,
      load: async () => {},
    }
    await analytics.register({ ...plugin, page: (ctx) => ctx })
    const link = show(html)
    trackLinks(analytics, link, 'Link Clicked')

    expect(click(link)).toBe(true)
  })
})

describe('a click whose event is not kept', () => {
  const startWaiting = async (html: string) => {
    const page = await startPage(keepsNothing)
    const element = show<HTMLElement>(html)
    return { ...page, element }
  }

  it('leaves the page when the event is delivered', async () => {
    const { analytics, visited, element, answer } = await startWaiting(html)
    trackLinks(analytics, element, 'Link Clicked')
    click(element)
    await vi.advanceTimersByTimeAsync(100)
    expect(visited).toEqual([])

    answer()
    await vi.advanceTimersByTimeAsync(0)

    expect(visited).toEqual([[next, '_self']])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(visited).toHaveLength(1)
  })

  it('leaves the page when the event could not be delivered', async () => {
    const { analytics, visited, element, answer } = await startWaiting(html)
    trackLinks(analytics, element, 'Link Clicked')
    click(element)

    answer(new Error('No'))
    await vi.advanceTimersByTimeAsync(0)

    expect(visited).toEqual([[next, '_self']])
  })

  it('waits for `settings.timeout` and no longer, and says nothing about it', async () => {
    const { analytics, visited, element, errors } = await startWaiting(html)
    analytics.timeout(50)
    trackLinks(analytics, element, 'Link Clicked')
    click(element)
    await vi.advanceTimersByTimeAsync(49)
    expect(visited).toEqual([])

    await vi.advanceTimersByTimeAsync(1)

    expect(visited).toEqual([[next, '_self']])
    expect(errors).toEqual([])
  })

  it('waits for 300 ms unless told otherwise', async () => {
    const { analytics, visited, element } = await startWaiting(html)
    trackLinks(analytics, element, 'Link Clicked')
    click(element)

    await vi.advanceTimersByTimeAsync(299)
    expect(visited).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(visited).toEqual([[next, '_self']])
  })

  it('is heard once by everybody', async () => {
    const { analytics, element, tracked } = await startWaiting(html)
    const heard = vi.fn()
    document.addEventListener('click', heard, { capture: true })
    trackLinks(analytics, element, 'Link Clicked')
    click(element)

    await vi.advanceTimersByTimeAsync(300)

    expect(heard).toHaveBeenCalledTimes(1)
    expect(tracked).toHaveLength(1)
    document.removeEventListener('click', heard, { capture: true })
  })

  it('waits when something in a link is tracked, and something in that is clicked', async () => {
    const { analytics } = await startWaiting('<a href="/next"><i><b>Next</b></i></a>')
    const followed = watchFollowed()
    trackLinks(analytics, find('i'), 'Link Clicked')

    expect(click(find('b'))).toBe(false)

    await vi.advanceTimersByTimeAsync(300)
    expect(followed).toEqual(['<a href="/next"></a>'])
  })

  it('follows the link that was clicked, not the first one in the element', async () => {
    const { analytics, visited, element } = await startWaiting(
      '<p><a href="/one"></a><a href="/two"></a></p>',
    )
    trackLinks(analytics, element, 'Link Clicked')

    click(find('a + a'))

    await vi.advanceTimersByTimeAsync(300)
    expect(visited).toEqual([['http://localhost:3000/two', '_self']])
  })

  it('leads to where the link leads when everybody has seen the click', async () => {
    const { analytics, visited, element } = await startWaiting(html)
    trackLinks(analytics, element, 'Link Clicked')
    element.addEventListener('click', () => element.setAttribute('href', '/next?from=shop'))
    click(element)
    element.setAttribute('href', '/elsewhere')

    await vi.advanceTimersByTimeAsync(300)

    expect(visited).toEqual([[`${next}?from=shop`, '_self']])
  })

  it('keeps what else the link says', async () => {
    const { analytics, element } = await startWaiting(
      '<a href="/next" target="_top" rel="noreferrer" referrerpolicy="origin" ping="/ping" class="x" onclick="">n</a>',
    )
    const followed = watchFollowed()
    trackLinks(analytics, element, 'Link Clicked')
    click(element)

    await vi.advanceTimersByTimeAsync(300)

    expect(followed).toEqual([
      '<a href="/next" target="_top" rel="noreferrer" referrerpolicy="origin" ping="/ping"></a>',
    ])
  })

  it('waits once for two who track the same link', async () => {
    const { analytics, visited, element, tracked } = await startWaiting(html)
    trackLinks(analytics, element, 'One')
    trackLinks(analytics, element, 'Two')
    click(element)

    await vi.advanceTimersByTimeAsync(300)

    expect(tracked.map(([event]) => event)).toEqual(['One', 'Two'])
    expect(visited).toHaveLength(1)
  })

  it.each(['_self', '_SELF', '_parent', '_top', ''])('waits when the target is "%s"', async (target) => {
    const { analytics, element } = await startWaiting(`<a href="/next" target="${target}">n</a>`)
    trackLinks(analytics, element, 'Link Clicked')

    expect(click(element)).toBe(false)
  })

  it("waits when the target is this page's own name", async () => {
    const { analytics, element } = await startWaiting('<a href="/next" target="shop">n</a>')
    window.name = 'shop'
    trackLinks(analytics, element, 'Link Clicked')

    expect(click(element)).toBe(false)
    window.name = ''
  })

  it.each([
    ['opens a tab', '<a href="/next" target="_blank">n</a>'],
    ['opens in a frame', '<a href="/next" target="help">n</a>'],
    ['is a download', '<a href="/next" download>n</a>'],
    ['leads to a part of this page', '<a href="#part">n</a>'],
    ['leads to the top of this page', '<a href="#">n</a>'],
    ['writes a mail', '<a href="mailto:a@shop.test">n</a>'],
    ['runs a script', '<a href="javascript:void 0">n</a>'],
    ['has no href', '<a>n</a>'],
    ['has an empty href', '<a href="">n</a>'],
  ])('leaves a link that %s to the browser', async (_, html) => {
    const { analytics, element, tracked } = await startWaiting(html)
    trackLinks(analytics, element, 'Link Clicked')

    expect(click(element)).toBe(true)

    expect(tracked).toHaveLength(1)
  })

  it.each<MouseEventInit>([
    { ctrlKey: true },
    { shiftKey: true },
    { metaKey: true },
    { altKey: true },
    { button: 1 },
  ])('leaves a click with %o to the browser', async (init) => {
    const { analytics, element, tracked, visited } = await startWaiting(html)
    trackLinks(analytics, element, 'Link Clicked')

    expect(click(element, init)).toBe(true)

    expect(tracked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(300)
    expect(visited).toHaveLength(1)
  })

  it('that a script has made up, and that leads nowhere, leads nowhere here either', async () => {
    const { analytics, element, tracked, visited } = await startWaiting(html)
    trackLinks(analytics, element, 'Link Clicked')

    element.dispatchEvent(new Event('click', { bubbles: true, cancelable: true }))
    await vi.advanceTimersByTimeAsync(300)

    expect(tracked).toHaveLength(1)
    expect(visited).toEqual([])
  })

  it('goes at once when somebody stops the click on its way: nobody can tell what they mean', async () => {
    const { analytics, element } = await startWaiting(html)
    trackLinks(analytics, element, 'Link Clicked')
    element.addEventListener('click', (event) => event.stopPropagation())

    expect(click(element)).toBe(true)
  })

  it('is not held back by a click before that was stopped on its way', async () => {
    const { analytics, element, visited } = await startWaiting(
      `<p>${html}<a id="other" href="/other"></a></p>`,
    )
    trackLinks(analytics, find('a'), 'Link Clicked')
    element.addEventListener('click', (event) => event.stopPropagation(), { once: true })
    click(find('a'))

    expect(click(find('#other'))).toBe(true)

    await vi.advanceTimersByTimeAsync(300)
    expect(visited.map(([url]) => url)).toEqual([next, 'http://localhost:3000/other'])
  })
})

describe.each([
  ['kept', {}],
  ['not kept', keepsNothing],
])('when somebody else takes care of the click and events are %s', (_, options) => {
  it.each([
    ['before us', (link: Element) => link, true],
    ['after us', (link: Element) => link, false],
    ['as a router at the root of the application does', () => document.body, false],
    ['as late as can be', () => document, false],
  ])('it is tracked and nothing else, if they do %s', async (_, where, isBefore) => {
    const { analytics, tracked, visited } = await startPage(options)
    const link = show(html)
    const isPrevented: boolean[] = []
    const router = (event: Event) => {
      // Routers leave alone what others have taken.
      isPrevented.push(event.defaultPrevented)
      event.preventDefault()
    }
    const root = where(link)
    if (isBefore) root.addEventListener('click', router)
    trackLinks(analytics, link, 'Link Clicked')
    if (!isBefore) root.addEventListener('click', router)

    click(link)
    await vi.advanceTimersByTimeAsync(1_000)

    expect(isPrevented).toEqual([false])
    expect(tracked).toHaveLength(1)
    expect(visited).toEqual([])
    root.removeEventListener('click', router)
  })

  it('an element that only says where to go is not followed either', async () => {
    const { analytics, tracked, visited } = await startPage(options)
    const element = show('<div href="/next"></div>')
    element.addEventListener('click', prevent)
    trackLinks(analytics, element, 'Link Clicked')

    click(element)
    await vi.advanceTimersByTimeAsync(1_000)

    expect(tracked).toHaveLength(1)
    expect(visited).toEqual([])
  })
})

describe('an element that is no link', () => {
  const xlink = 'http://www.w3.org/1999/xlink'

  it.each([
    ['href', (element: Element) => element.setAttribute('href', '/next')],
    ['xlink:href of SVG', (element: Element) => element.setAttributeNS(xlink, 'x:href', '/next')],
    ['plain xlink:href', (element: Element) => element.setAttribute('xlink:href', '/next')],
    [
      'first link',
      (element: Element) => (element.innerHTML = '<i><a href="/next"></a></i><a href="/two"></a>'),
    ],
  ])('leads to its %s', async (_, prepare) => {
    const { analytics, visited } = await startPage()
    const element = show('<div></div>')
    prepare(element)
    trackLinks(analytics, element, 'Link Clicked')

    click(element)

    expect(visited).toEqual([[next, '_self']])
  })

  it('leads there when the event is delivered or the time is up, if it is not kept', async () => {
    const { analytics, visited } = await startPage(keepsNothing)
    const element = show('<div href="/next"></div>')
    trackLinks(analytics, element, 'Link Clicked')
    click(element)
    expect(visited).toEqual([])

    await vi.advanceTimersByTimeAsync(300)

    expect(visited).toEqual([[next, '_self']])
  })

  it('leads there, once, though somebody stops the click on its way', async () => {
    const { analytics, visited } = await startPage()
    const element = show('<div href="/next"></div>')
    element.addEventListener('click', (event) => event.stopPropagation())
    trackLinks(analytics, element, 'Link Clicked')

    click(element)
    await vi.advanceTimersByTimeAsync(0)

    expect(visited).toEqual([[next, '_self']])
  })

  it.each([
    ['there is nothing to wait for', {}],
    ['the event has to be waited for', keepsNothing],
  ])('leads nowhere when a router at the root takes the click over and %s', async (_, options) => {
    const { analytics, visited, tracked } = await startPage(options)
    const seen: boolean[] = []
    const route = (event: Event) => {
      seen.push(event.defaultPrevented)
      event.preventDefault()
    }
    const element = show('<div>Card <a href="/next">Next</a></div>')
    trackLinks(analytics, element, 'Link Clicked')
    document.addEventListener('click', route)

    click(element)
    await vi.advanceTimersByTimeAsync(1_000)

    // Routers leave alone what others have taken.
    expect(seen).toEqual([false])
    expect(tracked).toHaveLength(1)
    expect(visited).toEqual([])
    document.removeEventListener('click', route)
  })

  it('prevents what a button would do besides', async () => {
    const { analytics, visited, submitted } = await startPage()
    show('<form action="/x"><button href="/next"></button></form>')
    trackLinks(analytics, find('button'), 'Link Clicked')

    click(find('button'))

    expect(visited).toEqual([[next, '_self']])
    expect(submitted).toEqual([])
  })

  it('opens where its link opens', async () => {
    const { analytics, visited } = await startPage()
    const element = show('<div><a href="/next" target="help"></a></div>')
    trackLinks(analytics, element, 'Link Clicked')

    click(element)

    expect(visited).toEqual([[next, 'help']])
  })

  it.each([
    ['a click on its link, which the browser follows', '<div><a href="/next"></a></div>', {}, 'a', 1],
    ['a click with a key for another tab', '<div href="/next"></div>', { ctrlKey: true }, 'div', 0],
    ['a middle click', '<div href="/next"></div>', { button: 1 }, 'div', 0],
    ['a target that the application opens', '<div href="/next" target="_blank"></div>', {}, 'div', 0],
    ['a link without an address', '<div><a></a></div>', {}, 'div', 0],
    ['no address at all', '<div></div>', {}, 'div', 0],
  ])('does nothing of its own after %s', async (_, html, init, selector, visits) => {
    const { analytics, visited, tracked } = await startPage()
    trackLinks(analytics, show(html), 'Link Clicked')

    expect(click(find(selector), init)).toBe(true)

    expect(visited).toHaveLength(visits)
    expect(tracked).toHaveLength(1)
  })
})

describe('a link of SVG', () => {
  it('waits like any other', async () => {
    const { analytics, visited } = await startPage(keepsNothing)
    show('<div><svg><a xlink:href="/next"><text>Next</text></a></svg></div>')
    trackLinks(analytics, find('svg a'), 'Link Clicked')

    expect(click(find('text'))).toBe(false)

    await vi.advanceTimersByTimeAsync(300)
    expect(visited).toEqual([[next, '_self']])
  })
})

describe.each([
  ['kept', {}],
  ['not kept', keepsNothing],
])('when tracking goes wrong and events are %s', (_, options) => {
  const fault = new Error('No name')
  const fail = () => {
    throw fault
  }

  it.each<[string, LinkArguments[1], LinkArguments[2]]>([
    ['the name', fail, {}],
    ['the properties', 'Link Clicked', fail],
  ])('in the function that makes %s, the visitor goes on at once and the console is told', async (...row) => {
    const [, event, properties] = row
    const { analytics, visited, tracked, errors } = await startPage(options)
    const link = show(html)
    trackLinks(analytics, link, event, properties)

    expect(click(link)).toBe(true)

    expect(visited).toHaveLength(1)
    expect(tracked).toEqual([])
    expect(errors).toEqual([['A click or a submission was not tracked', fault]])
  })

  it('in the event, the visitor goes on and the console is told', async () => {
    const { analytics, visited, errors } = await startPage(options)
    const link = show(html)
    trackLinks(analytics, link, () => '')

    click(link)
    await vi.advanceTimersByTimeAsync(0)

    expect(visited).toHaveLength(1)
    expect(errors).toEqual([['A click or a submission was not tracked', expect.any(Error)]])
  })

  it('in a client that somebody has changed, the visitor goes on and the console is told', async () => {
    const { analytics, visited, errors } = await startPage(options)
    const link = show(html)
    vi.mocked(analytics.track).mockImplementation(fail)
    trackLinks(analytics, link, 'Link Clicked')

    click(link)
    await vi.advanceTimersByTimeAsync(0)

    expect(visited).toHaveLength(1)
    expect(errors).toEqual([['A click or a submission was not tracked', fault]])
  })
})

describe('a client without plugins', () => {
  it('holds nobody up: nobody would deliver the event', async () => {
    const { analytics, tracked } = await startPage(keepsNothing)
    await analytics.deregister('Segment.io')
    const link = show(html)
    trackLinks(analytics, link, 'Link Clicked')

    expect(click(link)).toBe(true)

    expect(tracked).toHaveLength(1)
  })
})

describe('many clicks', () => {
  it('leave no listeners behind', async () => {
    const { analytics } = await startPage(keepsNothing)
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const link = show(html)
    trackLinks(analytics, link, 'Link Clicked')
    let last: EventTarget | undefined
    link.addEventListener('click', (event) => (last = event.composedPath().at(-1)))
    click(link)
    if (!last) throw new Error('Nobody heard the click')
    const added = vi.spyOn(last, 'addEventListener')
    const removed = vi.spyOn(last, 'removeEventListener')

    for (let clicks = 0; clicks < 20; clicks++) click(link)

    expect(added).toHaveBeenCalledTimes(20)
    expect(removed.mock.calls).toEqual(added.mock.calls)
    // The client warns of more than ten.
    expect(warn).not.toHaveBeenCalled()
  })
})

describe('a click that makes the application track something else', () => {
  const dropped = { integrations: { All: false } }

  it.each([
    ['before', (analytics: Analytics, run: () => void) => analytics.once('dispatch_start', run)],
    [
      'after',
      (analytics: Analytics, run: () => void) =>
        analytics.addSourceMiddleware(({ payload, next }) => {
          if (payload.obj.event !== 'Other') run()
          next(payload)
        }),
    ],
  ])('goes at once when its own event is kept, whatever becomes of one %s it', async (_, whenever) => {
    const { analytics } = await startPage()
    const link = show(html)
    await whenever(analytics, () => void analytics.track('Other', {}, dropped))
    trackLinks(analytics, link, 'Link Clicked')

    expect(click(link)).toBe(true)
  })
})

describe.each(['trackLink', 'trackClick'] as const)('the method %s of a client', (method) => {
  it('tracks clicks from the moment at which it answers', async () => {
    const { analytics } = await startPage()
    const accepted: unknown[] = []
    analytics.on('dispatch_start', ({ event }) => accepted.push([event.event, event.properties]))
    const link = show(html)

    expect(await analytics[method](link, 'Link Clicked', { place: 'top' })).toBe(analytics)
    click(link)

    expect(accepted).toEqual([['Link Clicked', { place: 'top' }]])
  })
})
