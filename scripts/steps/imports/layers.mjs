/**
 * Which folder of a package may import which. In core, from the bottom up:
 *
 *     ports · errors                  nothing but each other's types
 *     host                            the few globals that every host has, as ports
 *     flow · adapters                 on ports and host
 *     events · plugins · delivery     on all of these, never on each other's code
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
export const tops = ['index.ts', 'internal.ts']

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
