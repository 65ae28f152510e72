import type { IntegrationsOptions, TrackPlan } from '@sluice/core'
import type { Context } from '../context'
import type { AnyPlugin } from '../plugins/types'
import type { RemotePlugin } from '../settings/cdn-settings'

/** Keeps what the tracking plan does not know, or does not want, from the destinations of the page. */
export function schemaFilter(plan: TrackPlan, remotePlugins: readonly RemotePlugin[] = []): AnyPlugin {
  const filter = (ctx: Context): Context => {
    const { event } = ctx
    if (event.event) event.integrations = planned(plan, event.event, event.integrations, remotePlugins)
    return ctx
  }
  return {
    name: 'Schema Filter',
    type: 'before',
    version: '0.1.0',
    isLoaded: () => true,
    load: () => Promise.resolve(),
    ...{ track: filter, page: filter, identify: filter, group: filter, alias: filter },
  }
}

function planned(
  plan: TrackPlan,
  name: string,
  asked: IntegrationsOptions | undefined,
  remotePlugins: readonly RemotePlugin[],
): IntegrationsOptions {
  const entry = Object.hasOwn(plan, name) ? plan[name] : undefined
  const isEnabled = entry?.enabled ?? plan.__default?.enabled ?? true
  if (!isEnabled) return { ...asked, All: false, 'Segment.io': true }
  const integrations: IntegrationsOptions = { ...asked }
  for (const [destination, isWanted] of Object.entries(entry?.integrations ?? {})) {
    // What the call switches off, the plan does not switch on.
    if (integrations[destination] !== false) integrations[destination] = isWanted
    if (isWanted === false)
      for (const action of actionsOf(destination, remotePlugins)) integrations[action] = false
  }
  return integrations
}

/** The names of the plugins that a destination consists of. Settings of a source may hold anything. */
function actionsOf(destination: string, remotePlugins: unknown): string[] {
  return objectsIn<RemotePlugin>(remotePlugins)
    .filter(({ creationName }) => creationName === destination)
    .flatMap(({ name, settings }) =>
      objectsIn<{ partnerAction: string }>(settings?.subscriptions).map(
        ({ partnerAction }) => `${name} ${partnerAction}`,
      ),
    )
}

function objectsIn<Item extends object>(list: unknown): Partial<Item>[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'object' && item !== null) : []
}
