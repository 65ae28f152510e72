import { describe, expect, it, vi } from 'vitest'
import { trackAtOnce } from '../../src/auto-track/track-at-once'
import { trackForms } from '../../src/auto-track/track-forms'
import { trackLinks } from '../../src/auto-track/track-links'
import { createFakeJQuery } from './support/fake-jquery'
import { find, keepsNothing, show, startPage, useFakePages } from './support/start-page'

const html = '<p><a href="#one" id="one">One</a><a href="#two" id="two">Two</a></p>'

/** Code that comes when the test says so. */
function createChunk() {
  let come = () => {}
  let fail = (_reason: unknown) => {}
  const loading = new Promise<typeof trackLinks>((resolve, reject) => {
    come = () => resolve(trackLinks)
    fail = reject
  })
  return { load: vi.fn(() => loading), come, fail, type: 'click', method: 'trackLink' } as const
}

useFakePages()

describe('while the code that takes care of leaving the page is loaded', () => {
  it('clicks are tracked within the click, by functions that are asked then', async () => {
    const { analytics, tracked } = await startPage()
    show(html)
    const chunk = createChunk()
    void trackAtOnce(
      analytics,
      [document.querySelectorAll('a'), (link) => `${link.textContent} Clicked`, ({ id }) => ({ id })],
      chunk,
    )
    find('#two').textContent = 'Second'

    find<HTMLElement>('#two').click()

    expect(tracked).toEqual([['Second Clicked', { id: 'two' }, {}]])
  })

  it('the browser follows links by itself, whatever is kept', async () => {
    const { analytics, visited } = await startPage(keepsNothing)
    const link = show<HTMLElement>('<a href="/next">Next</a>')
    void trackAtOnce(analytics, [link, 'Clicked'], createChunk())

    link.click()

    expect(visited).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(visited).toHaveLength(1)
  })
})

describe('when that code is there', () => {
  it('it tracks in the place of what tracked before: each click once', async () => {
    const { analytics, tracked, visited } = await startPage(keepsNothing)
    const link = show<HTMLElement>('<a href="/next">Next</a>')
    const chunk = createChunk()
    const done = trackAtOnce(analytics, [link, 'Clicked'], chunk)
    link.click()
    chunk.come()
    await done

    link.click()

    expect(tracked).toHaveLength(2)
    // The second one waits for its event.
    expect(visited).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(300)
    expect(visited).toHaveLength(2)
  })

  it('elements are those of the call', async () => {
    const { analytics, tracked } = await startPage()
    const list = show(html).getElementsByTagName('a')
    const chunk = createChunk()
    const done = trackAtOnce(analytics, [list, 'Clicked'], chunk)
    const taken = find<HTMLElement>('#one')
    taken.remove()
    chunk.come()
    await done

    taken.click()

    expect(tracked).toHaveLength(1)
  })
})

describe('a form that is submitted through jQuery', () => {
  it('is tracked from the call on, each submission once', async () => {
    const jQuery = createFakeJQuery()
    vi.stubGlobal('jQuery', jQuery)
    const { analytics, tracked } = await startPage()
    const form = show<HTMLFormElement>('<form action="/x"><button></button></form>')
    let come = () => {}
    const loading = new Promise<typeof trackForms>((resolve) => {
      come = () => resolve(trackForms)
    })
    const submitTwice = () => {
      jQuery(form).trigger('submit')
      find<HTMLElement>('button').click()
    }
    const chunk = { type: 'submit', method: 'trackForm', load: () => loading } as const
    const done = trackAtOnce<HTMLFormElement>(analytics, [form, 'Sent'], chunk)

    submitTwice()
    expect(tracked).toHaveLength(2)
    come()
    await done
    submitTwice()

    expect(tracked).toHaveLength(4)
  })
})

describe('when that code cannot be loaded', () => {
  it('clicks are tracked all the same, and the console is told', async () => {
    const { analytics, tracked, errors } = await startPage()
    const link = show<HTMLElement>('<a href="#part">Part</a>')
    const chunk = createChunk()
    const done = trackAtOnce(analytics, [link, 'Clicked'], chunk)
    const reason = new TypeError('Failed to fetch dynamically imported module')
    chunk.fail(reason)
    await done

    link.click()

    expect(tracked).toHaveLength(1)
    expect(errors).toEqual([['The rest of trackLink could not be loaded', reason]])
  })
})

describe('where nothing is to be tracked', () => {
  it.each([null, []])('nothing is loaded: %j', async (links) => {
    const { analytics } = await startPage()
    const chunk = createChunk()

    await trackAtOnce(analytics, [links, 'Clicked'], chunk)

    expect(chunk.load).not.toHaveBeenCalled()
  })

  it('as it is no element, the caller is told at once', async () => {
    const { analytics } = await startPage()
    const chunk = createChunk()

    await expect(Reflect.apply(trackAtOnce, undefined, [analytics, ['a', 'Clicked'], chunk])).rejects.toThrow(
      'trackLink takes an element',
    )
    expect(chunk.load).not.toHaveBeenCalled()
  })
})

describe('the methods of a client', () => {
  it.each(['trackLink', 'trackClick'] as const)('%s tracks clicks from the call on', async (method) => {
    const { analytics } = await startPage()
    const heard: unknown[] = []
    analytics.on('dispatch_start', ({ event }) => heard.push(event.event))
    const link = show<HTMLElement>('<a href="#part">Part</a>')

    const done = analytics[method](link, 'Clicked')
    link.click()
    await done
    link.click()

    expect(heard).toEqual(['Clicked', 'Clicked'])
  })

  it.each(['trackForm', 'trackSubmit'] as const)('%s tracks submissions from the call on', async (method) => {
    const { analytics } = await startPage()
    const heard: unknown[] = []
    analytics.on('dispatch_start', ({ event }) => heard.push(event.event))
    const form = show<HTMLFormElement>('<form action="/x" method="post"></form>')

    const done = analytics[method](form, 'Sent')
    form.requestSubmit()
    await done
    form.requestSubmit()

    expect(heard).toEqual(['Sent', 'Sent'])
  })
})
