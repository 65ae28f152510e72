/** A service worker that keeps the site's pages and scripts, so that they open without a network. */

/** The part of `FetchEvent` that is used; the types of pages do not know it. */
interface FetchEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

const isFetch = (event: object): event is FetchEvent => 'respondWith' in event

addEventListener('fetch', (event) => {
  if (!isFetch(event) || new URL(event.request.url).origin !== location.origin) return
  event.respondWith(fromCache(event.request))
})

async function fromCache(request: Request): Promise<Response> {
  const cache = await caches.open('site')
  const kept = await cache.match(request)
  if (kept) return kept
  const response = await fetch(request)
  await cache.put(request, response.clone())
  return response
}
