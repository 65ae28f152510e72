/** Tells what visitors do. It does not wait for the library: the snippet takes calls until the library is there. */
const { analytics } = window

for (const { dataset } of document.querySelectorAll('[data-seen]')) {
  analytics.track('Exhibition Seen', { exhibition: dataset.seen })
}

// A link may lead away at once: the library keeps each event until it has arrived, on the next page if need be.
document.addEventListener('click', ({ target }) => {
  const { track, exhibition } = target.closest('[data-track]')?.dataset ?? {}
  if (track) analytics.track(track, { exhibition })
})

document.querySelector('[data-newsletter]')?.addEventListener('submit', ({ target }) => {
  const email = new FormData(target).get('email')
  analytics.identify(`newsletter:${email}`, { email })
  analytics.track('Newsletter Joined')
})
