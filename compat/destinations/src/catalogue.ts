import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** What JSON can hold. */
export type JSONValue = string | number | boolean | null | JSONValue[] | JSONObject
export type JSONObject = { [key: string]: JSONValue }

/** A destination's action, and for which events it is run. */
export type Subscription = {
  partnerAction: string
  name: string
  enabled: boolean
  /** In the query language of destinations. */
  subscribe: string
  /** What the action gets, and from which fields of the event. */
  mapping: JSONObject
}

/** A destination as it is before a customer has touched its settings. */
export interface CatalogueEntry {
  /** As the destination calls itself. */
  readonly name: string
  /** Path of its script on the CDN. */
  readonly path: string
  readonly settings: JSONObject
  readonly subscriptions: Subscription[]
}

/** By slug. */
export type Catalogue = Record<string, CatalogueEntry>

const require = createRequire(import.meta.url)
const dist = join(dirname(require.resolve('@segment/browser-destinations')), '..')

/** Folder of the bundles that the CDN serves. */
export const bundlesFolder = join(dist, 'web')

/** Every destination of the package, with the default settings and mappings that its own definition has. */
export function readCatalogue(): Catalogue {
  const manifest: Record<string, string> = JSON.parse(
    readFileSync(join(bundlesFolder, 'manifest-latest.json'), 'utf8'),
  )
  return Object.fromEntries(
    Object.entries(manifest).map(([slug, file]) => {
      const { destination }: { destination: Definition } = require(join(dist, 'cjs/destinations', slug))
      return [
        slug,
        {
          name: destination.name,
          path: `${slug}/${file}`,
          settings: defaultsOf(destination.settings ?? {}),
          subscriptions: Object.entries(destination.actions).map(([action, definition]) => ({
            partnerAction: action,
            name: definition.title,
            enabled: true,
            subscribe: definition.defaultSubscription ?? 'type = "track"',
            mapping: defaultsOf(definition.fields),
          })),
        },
      ]
    }),
  )
}

/** The part of a destination's definition that is read here. */
interface Definition {
  readonly name: string
  readonly settings?: Fields
  readonly actions: Record<string, { title: string; defaultSubscription?: string; fields: Fields }>
}

type Fields = Record<string, { default?: JSONValue }>

function defaultsOf(fields: Fields): JSONObject {
  const defaults: JSONObject = {}
  for (const [name, field] of Object.entries(fields)) {
    if (field.default !== undefined) defaults[name] = field.default
  }
  return defaults
}
