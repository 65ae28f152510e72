/** The script of pages whose links and forms are tracked. What has a class, the application takes care of itself. */

import type { Plugin } from '@sluice/browser'

/** The page's side of a test. */
export interface LinksAndForms {
  /** They are tracked from now on. */
  areTracked: boolean
  /** What the application took care of itself. */
  readonly taken: string[]
}

declare global {
  interface Window {
    linksAndForms: LinksAndForms
  }
}

const linksAndForms: LinksAndForms = { areTracked: false, taken: [] }
window.linksAndForms = linksAndForms

/** What routers of single-page applications do: they leave alone what others have taken. */
function take(event: Event): void {
  if (event.defaultPrevented || !(event.target instanceof HTMLElement)) return
  event.preventDefault()
  linksAndForms.taken.push(event.target.id)
}

function takeAtTheRoot(event: Event): void {
  if (event.target instanceof HTMLElement && event.target.matches('.of-the-root')) take(event)
}

/** Against second submissions, right after the browser has read the form. */
function disableButtons(): void {
  setTimeout(() => {
    for (const button of document.querySelectorAll('button')) button.disabled = true
  })
}

/** A destination that takes a moment, and ends with the page. */
const vendor: Plugin = {
  name: 'Vendor',
  type: 'destination',
  isLoaded: () => true,
  load: async () => {},
  async track(ctx) {
    await new Promise((resolve) => setTimeout(resolve, 250))
    navigator.sendBeacon(`/vendor?${ctx.event.event?.replace(/ .*/, '')}`)
    return ctx
  },
}

/** A destination that is done at once, so that nothing is left to wait for before the event of the browser is over. */
const quick: Plugin = { ...vendor, track: (ctx) => ctx }

async function trackAll(): Promise<void> {
  for (const link of document.querySelectorAll('a.of-its-own')) link.addEventListener('click', take)
  document.addEventListener('click', takeAtTheRoot)
  document.addEventListener('submit', takeAtTheRoot)
  document.querySelector('#Letter')?.addEventListener('submit', disableButtons)
  const loaded = await window.shop.analytics
  if (!loaded) return
  const [analytics] = loaded
  // No page goes on because the time is up.
  analytics.timeout(60_000)
  const name = ({ id }: Element) => `${id} on ${location.pathname}`
  if (location.search === '?vendor') await analytics.register(vendor)
  if (location.search === '?quick') await analytics.register(quick)
  await analytics.trackLink(document.querySelectorAll('a, div'), name)
  await analytics.trackForm(document.querySelectorAll('form'), name)
  linksAndForms.areTracked = true
}

// When the shop's script has run.
addEventListener('DOMContentLoaded', () => void trackAll())
