/**
 * Which folder of a package may import which. In core, from the bottom up:
 *
 *     ports · errors                  nothing but each other's types
 *     host                            the few globals that every host has, as ports
 *     flow · adapters                 on ports and host
 *     events · plugins · delivery     on all of these, never on each other's code
 *
 * In the browser's library:
 *
 *     storage · http · adapters · events · page-script         what the browser has, and nothing of each other
 *     identity · settings · page · environment · outbox        on storage
 *     delivery                                                 on http and the outbox
 *     plugins · middleware · query-string · auto-track         what the client is made of
 *     snippet · standalone                                     where the library is a classic script
 *
 * The files beside these folders (`errors.ts`, `context.ts`) are shared by all; `tops` are above all.
 */

/**
 * @typedef {object} Layer
 * @property {string} folder Of `src`.
 * @property {string[]} [restsOn] The only folders it may import besides itself and the shared files.
 * @property {string[]} [names] Folders whose types it may import besides, but no code.
 * @property {string[]} [never] Folders it may not import; all others are free.
 * @property {boolean} [typesOnly] It holds interfaces, so whatever it imports is a type.
 * @property {string} because
 */

/** Files of `src` that know every folder, so that no folder may know them. */
export const tops = [
  'index.ts',
  'internal.ts',
  'analytics-browser.ts',
  'load.ts',
  'complete.ts',
  'extensions.ts',
  'snippet.ts',
  'standalone.ts',
]

/** @type {Layer[]} */
export const coreLayers = [
  { folder: 'ports', restsOn: [], typesOnly: true, because: 'a port is an interface and nothing else' },
  { folder: 'host', restsOn: ['ports'], because: 'the host is what everything else stands on' },
  {
    folder: 'flow',
    restsOn: ['ports', 'host'],
    because: 'flow carries anything and knows nothing of events',
  },
  {
    folder: 'adapters',
    restsOn: ['ports', 'host', 'flow'],
    because: 'an adapter fills a port and knows no more than that',
  },
  {
    folder: 'events',
    restsOn: ['ports', 'host', 'flow'],
    because: 'the client joins events with plugins and delivery',
  },
  {
    folder: 'plugins',
    restsOn: ['ports', 'host', 'flow'],
    // A plugin is handed events.
    names: ['events'],
    because: 'the client joins plugins with events and delivery',
  },
  {
    folder: 'delivery',
    restsOn: ['ports', 'host', 'flow'],
    // A destination is a plugin.
    names: ['events', 'plugins'],
    because: 'the client joins delivery with events and plugins',
  },
]

/** @type {Layer[]} */
export const platformLayers = [
  {
    folder: 'adapters',
    never: ['plugins'],
    because: 'an adapter fills a port; what is made of it is decided above',
  },
]

/** @type {Layer[]} */
export const browserLayers = [
  { folder: 'storage', restsOn: [], because: 'storage keeps whatever it is given' },
  { folder: 'http', restsOn: [], because: 'a transport carries whatever it is given' },
  {
    folder: 'adapters',
    restsOn: [],
    because: 'an adapter fills a port; what is made of it is decided above',
  },
  { folder: 'events', restsOn: [], because: 'arguments are told apart by what they are' },
  { folder: 'identity', restsOn: ['storage'], because: 'who the visitor is does not depend on what they do' },
  {
    folder: 'settings',
    restsOn: ['storage'],
    because: 'settings come before everything that is set by them',
  },
  // Of storage they take the fence around what browsers may deny.
  { folder: 'page', restsOn: ['storage'], because: 'a page is told as it is' },
  { folder: 'environment', restsOn: ['storage'], because: 'what surrounds an event does not depend on it' },
  { folder: 'outbox', restsOn: ['storage'], because: 'the outbox keeps texts and does not send them' },
  {
    folder: 'delivery',
    restsOn: ['http', 'outbox'],
    names: ['adapters'],
    because: 'delivery is handed texts, and knows neither plugins nor events',
  },
  {
    folder: 'plugins',
    restsOn: ['adapters', 'delivery', 'environment', 'http', 'outbox'],
    names: ['middleware', 'settings'],
    because: 'a plugin is handed the client and does not make one',
  },
  {
    folder: 'middleware',
    restsOn: ['page-script', 'plugins'],
    because: 'middleware is a plugin in other words',
  },
  {
    folder: 'filters',
    restsOn: [],
    names: ['middleware', 'plugins', 'settings'],
    because: 'filters are what settings say of events, as a plugin and as middleware',
  },
  {
    folder: 'query-string',
    restsOn: ['environment'],
    because: 'a link asks for calls; the client makes them',
  },
  { folder: 'page-script', restsOn: [], because: 'a script is put on the page whatever it does there' },
  {
    folder: 'device-mode',
    restsOn: ['adapters', 'middleware', 'page-script', 'plugins', 'settings', 'storage'],
    because: 'destinations of the page are plugins that scripts bring',
  },
  { folder: 'snippet', restsOn: [], because: 'a snippet is there before the library' },
  {
    folder: 'standalone',
    restsOn: ['page', 'page-script', 'settings'],
    because: 'it takes over from a snippet; how a client is made it is told',
  },
  { folder: 'auto-track', restsOn: [], because: 'it calls the client as an application would' },
]
