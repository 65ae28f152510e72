/**
 * Which folder of a package may import which. In core, from the bottom up:
 *
 *     ports · errors                  nothing but each other's types
 *     flow · adapters                 on ports
 *     events · plugins · delivery     on flow and ports, never on each other
 *     client                          the one place that knows all three
 *
 * The files beside these folders (`errors.ts`, `context.ts`) are shared by all; `tops` are above all.
 */

/**
 * @typedef {object} Layer
 * @property {string} folder Of `src`.
 * @property {string[]} [restsOn] The only folders it may import besides itself and the shared files.
 * @property {string[]} [never] Folders it may not import; others are free.
 * @property {boolean} [typesOnly] It holds interfaces, so even what it may import is imported with `import type`.
 * @property {string} because
 */

/** Files of `src` that know every folder, so that no folder may know them. */
export const tops = ['client.ts', 'index.ts', 'internal.ts']

/**
 * A neighbour's types may be named through this file: a destination is a plugin, and plugins are handed events.
 * Its code may not be called.
 */
export const typesOfNeighbour = 'types.ts'

/** @type {Layer[]} */
export const coreLayers = [
  { folder: 'ports', restsOn: [], typesOnly: true, because: 'a port is an interface and nothing else' },
  { folder: 'flow', restsOn: ['ports'], because: 'flow carries anything and knows nothing of events' },
  {
    folder: 'adapters',
    restsOn: ['ports', 'flow'],
    because: 'an adapter fills a port and knows no more than that',
  },
  {
    folder: 'events',
    restsOn: ['ports', 'flow'],
    because: 'the client joins events with plugins and delivery',
  },
  {
    folder: 'plugins',
    restsOn: ['ports', 'flow'],
    because: 'the client joins plugins with events and delivery',
  },
  {
    folder: 'delivery',
    restsOn: ['ports', 'flow'],
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
