import type { Fields, Hook } from '../library'
import { plugin } from '../plugins'
import type { PageClient } from './library'
import type { Page } from './page'

/** What a destination from npm is on a page: the name that switches it, and what its actions got. */
export interface NpmDestination {
  readonly creationName: string
  readonly got: Fields[]
  readonly remotePlugin: Fields
  readonly factory: (settings: object) => unknown[]
}

/** A destination with one action, in the place of the script that the CDN would have. */
export function npmDestination(creationName: string): NpmDestination {
  const got: Fields[] = []
  const hook: Hook = (ctx) => {
    got.push(JSON.parse(JSON.stringify(ctx.event)))
    return ctx
  }
  const name = `${creationName} Web`
  const action = () => [plugin('destination', `${name} send`, hook, { page: hook, identify: hook })]
  return {
    creationName,
    got,
    factory: Object.assign(action, { pluginName: name }),
    remotePlugin: {
      name,
      creationName,
      url: `https://cdn.segment.com/${creationName}.js`,
      libraryName: 'none',
      settings: { subscriptions: [{ partnerAction: 'send', enabled: true }] },
    },
  }
}

/** A client whose source has these destinations, and these settings besides. */
export function startWith(
  page: Page,
  destinations: NpmDestination[],
  settings: Fields = {},
  options: Fields = {},
): Promise<PageClient> {
  return page.start(options, {
    cdnSettings: {
      ...page.cdnSettings,
      ...settings,
      remotePlugins: destinations.map(({ remotePlugin }) => remotePlugin),
    },
    plugins: destinations.map(({ factory }) => factory),
  })
}
