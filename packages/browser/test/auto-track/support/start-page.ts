import { afterEach, beforeEach, onTestFinished, vi } from 'vitest'
import { Analytics } from '../../../src/analytics'
import { EventQueue } from '../../../src/event-queue'
import type { InitOptions } from '../../../src/options'
import { createKeeper } from '../../../src/outbox/keeper'
import { createPageOutbox } from '../../../src/page-outbox'
import { freshPage } from '../../storage/browser-storage'

/** A page with a client whose destinations answer when the test says so. */
export interface Page {
  readonly analytics: Analytics
  /** The arguments of all calls of `track`. */
  readonly tracked: unknown[][]
  /** Where the browser was sent, with the target. */
  readonly visited: [url: string, target: string][]
  /** The fields of the forms that were submitted. */
  readonly submitted: [name: string, value: unknown][][]
  /** What the console was told of errors. */
  readonly errors: unknown[][]
  /** The destinations have got the events, or will not take them. */
  answer(failure?: Error): void
}

/** For those who keep nothing, so that pages have to wait. */
export const keepsNothing: InitOptions = { disableClientPersistence: true }

/** Destinations: the Tracking API, for which events can be kept, and one of the page. */
export const both = ['Segment.io', 'Vendor']

/** @param destinations Their names. */
export async function startPage(options: InitOptions = {}, destinations = ['Segment.io']): Promise<Page> {
  const view = browserWindow()
  const queue = new EventQueue()
  queue.keeper = createKeeper(createPageOutbox('key', options))
  const analytics = new Analytics({ writeKey: 'key' }, options, queue)
  const waiting: ((failure?: Error) => void)[] = []
  for (const name of destinations) {
    await analytics.register({
      name,
      type: 'destination',
      isLoaded: () => true,
      load: async () => {},
      track: (ctx) =>
        new Promise((resolve, reject) => {
          waiting.push((failure) => (failure ? reject(failure) : resolve(ctx)))
        }),
    })
  }

  const visited: Page['visited'] = []
  vi.spyOn(view, 'open').mockImplementation((url, target) => {
    visited.push([`${url}`, target ?? ''])
    return null
  })
  const submitted: Page['submitted'] = []
  const { FormData } = view
  // The browser asks for the fields when it submits a form, and so may others.
  vi.stubGlobal('FormData', FormData)
  view.FormData = class extends FormData {
    constructor(form?: HTMLFormElement, submitter?: HTMLElement | null) {
      super(form, submitter)
      const event = Object.assign(new Event('formdata', { bubbles: true }), { formData: this })
      form?.dispatchEvent(event)
      submitted.push([...this])
    }
  }
  onTestFinished(() => {
    view.FormData = FormData
    vi.unstubAllGlobals()
  })
  return {
    analytics,
    visited,
    submitted,
    tracked: vi.spyOn(analytics, 'track').mock.calls,
    errors: vi.spyOn(console, 'error').mockImplementation(() => {}).mock.calls,
    answer(failure) {
      for (const run of waiting.splice(0)) run(failure)
    },
  }
}

/** The window of the elements. The global one is Vitest's, with copies of its properties. */
function browserWindow(): typeof window {
  const event = new Event('click', { bubbles: true, composed: true })
  let last: EventTarget | undefined
  document.addEventListener('click', () => (last = event.composedPath().at(-1)), { once: true })
  document.dispatchEvent(event)
  return last as typeof window
}

/** Puts `html` on the page and answers its first element. */
export function show<T extends Element>(html: string): T {
  document.body.innerHTML = html
  return find('body > *')
}

export function find<T extends Element>(selector: string): T {
  const element = document.querySelector<T>(selector)
  if (!element) throw new Error(`There is no ${selector}`)
  return element
}

/** Pages of the tests go nowhere, and their time is the tests'. */
export function useFakePages(): void {
  beforeEach(() => {
    vi.useFakeTimers()
    const { happyDOM } = globalThis as { happyDOM?: { settings: { navigation: object } } }
    Object.assign(happyDOM?.settings.navigation ?? {}, { disableMainFrameNavigation: true })
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
    document.body.innerHTML = ''
    freshPage()
  })
}
