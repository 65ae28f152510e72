import type { CDNSettings, RemoteIntegrationSettings } from '@segment/analytics-next'
import { inject } from 'vitest'
import type { CatalogueEntry, JSONObject, Subscription } from './catalogue'

export type RemotePlugin = NonNullable<CDNSettings['remotePlugins']>[number]

/** What a customer has set for a destination. */
export interface Choice {
  /** Name of the destination in the customer's workspace, if not its own. */
  creationName?: string
  settings?: JSONObject
  /** Of actions whose default does not suit. `null`: not subscribed. */
  subscriptions?: Record<string, Partial<Subscription> | null>
}

/** The entry of a destination in the settings of a source. */
export function remotePlugin(
  slug: string,
  { creationName, settings, subscriptions }: Choice = {},
): RemotePlugin {
  const entry = catalogueEntry(slug)
  return {
    name: entry.name,
    creationName: creationName ?? entry.name,
    libraryName: `${slug}Destination`,
    url: `https://cdn.segment.com/next-integrations/actions/${entry.path}`,
    settings: {
      versionSettings: { componentTypes: [] },
      ...entry.settings,
      ...settings,
      subscriptions: entry.subscriptions.flatMap((one) => {
        const change = subscriptions?.[one.partnerAction]
        return change === null ? [] : [{ ...one, ...change }]
      }),
    },
  }
}

export function catalogueEntry(slug: string): CatalogueEntry {
  const entry = inject('catalogue')[slug]
  if (!entry) throw new Error(`There is no destination ${slug}`)
  return entry
}

/** The settings of a source with these destinations. */
export function sourceWith(
  remotePlugins: RemotePlugin[],
  integrations: Record<string, RemoteIntegrationSettings> = {},
): CDNSettings {
  const action: RemoteIntegrationSettings = { versionSettings: { componentTypes: [] } }
  return {
    integrations: {
      ...Object.fromEntries(remotePlugins.map(({ creationName }) => [creationName, action])),
      ...integrations,
      'Segment.io': { apiKey: 'key', addBundledMetadata: true, ...integrations['Segment.io'] },
    },
    remotePlugins,
  }
}
