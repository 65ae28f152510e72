/** Shows pages, and tells of each. Links within the site change the page by history, without loading another document. */
import { actions, describe } from './actions'
import { analytics } from './analytics'
import { startConsent } from './consent'
import { pageAt } from './pages'
import { readList } from './shelf'
import './style.css'

function render(): void {
  const { title, body } = pageAt(location.pathname)
  document.title = `${title} · Marginalia`
  const page = document.querySelector('#page')
  if (page) page.innerHTML = body.markup
  const count = document.querySelector('#list-length')
  if (count) count.textContent = String(readList().length || '')
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === location.pathname) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
}

/** A page is looked at: address and title are right by now, and go along with the event. */
function tellPage(): void {
  const { category, title, book } = pageAt(location.pathname)
  analytics.page(category, title)
  if (book) analytics.track('Book Viewed', describe(book))
}

function show(): void {
  render()
  scrollTo(0, 0)
  tellPage()
}

function act(element: Element | null): void {
  if (!(element instanceof HTMLElement)) return
  actions[element.dataset.action ?? '']?.(element)
  // What was done may have changed what is to be seen; it is still the same page.
  render()
}

document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element) || event.button !== 0) return
  const link = event.target.closest('a')
  const isOurs = link?.origin === location.origin && !('leaves' in link.dataset)
  if (link && isOurs && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault()
    if (link.href !== location.href) history.pushState(null, '', link.href)
    show()
  }
  const element = event.target.closest('[data-action]')
  if (!(element instanceof HTMLFormElement)) act(element)
})

document.addEventListener('submit', (event) => {
  event.preventDefault()
  if (event.target instanceof Element) act(event.target)
})

addEventListener('popstate', show)
startConsent()
show()
