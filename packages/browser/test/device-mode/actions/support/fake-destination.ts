import type { Context, Plugin, RemotePlugin } from '../../../../src'
import { plugin, settled } from '../../../client/support/start-page'
import { type HeldScripts, holdScripts } from '../../../support/held-scripts'

export const cdn = 'https://cdn.segment.com'

let made = 0

/** What the source's settings say of a destination. Its script has an address that no other test has. */
export function entry(name: string, parts: Partial<RemotePlugin> = {}): RemotePlugin {
  made++
  const slug = name.toLowerCase().replaceAll(/\W+/g, '-')
  return {
    name,
    creationName: name,
    url: `${cdn}/next-integrations/actions/${slug}/${made}.js`,
    libraryName: `${slug}Destination`,
    settings: {},
    ...parts,
  }
}

/** Scripts of destinations, each of which comes when the test says so. */
export interface FakeScripts extends HeldScripts {
  /** The addresses that were asked for. */
  addresses(): string[]
  /** The script of this destination comes, and leaves this function on the page. */
  arrive(entry: RemotePlugin, factory: unknown): Promise<void>
  /** The script of this destination cannot be loaded. */
  fail(entry: RemotePlugin): Promise<void>
}

export function holdDestinations(): FakeScripts {
  const scripts = holdScripts()
  const end = async (type: 'load' | 'error', { url }: RemotePlugin) => {
    await settled()
    const index = scripts.all().findIndex(({ src }) => src === url)
    if (index < 0) throw new Error(`Nobody asked for ${url}`)
    scripts.fire(type, index)
    await settled()
  }
  return {
    ...scripts,
    addresses: () => scripts.all().map(({ src }) => src),
    async arrive(entry, factory) {
      Reflect.set(globalThis, entry.libraryName, factory)
      await end('load', entry)
      Reflect.deleteProperty(globalThis, entry.libraryName)
    },
    fail: (entry) => end('error', entry),
  }
}

/** An action that notes what it gets, as `Name: Event`. */
export function action(seen: string[], name: string, parts: Partial<Plugin> = {}): Plugin {
  const hook = (ctx: Context) => {
    seen.push(`${name}: ${ctx.event.event ?? ctx.event.type}`)
    return ctx
  }
  return plugin({
    name,
    type: 'destination',
    version: '0.1.0',
    ...{ track: hook, page: hook, identify: hook, group: hook, alias: hook },
    ...parts,
  })
}
