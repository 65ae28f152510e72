import type { Analytics } from '../analytics'
import type { Context } from '../context'
import { loadScript } from '../page-script/load-script'
import { globalNamed } from '../past-markup'
import { onEveryEvent } from '../plugins/on-every-event'
import type { AnyPlugin } from '../plugins/types'
import { runSourceMiddleware } from './run-source-middleware'
import type { MiddlewareFunction } from './types'

/** Source middleware that a source's settings name and the CDN has. Events wait for it; they go without what fails to load. */
export function remoteMiddleware(analytics: Analytics, enabled: Record<string, boolean>): AnyPlugin[] {
  const names = Object.keys(enabled).filter((name) => enabled[name])
  return names.map((name) => remotePlugin(analytics, name.replace('@segment/', '')))
}

function remotePlugin({ queue, settings, options }: Analytics, name: string): AnyPlugin {
  let middleware: MiddlewareFunction | undefined
  let integrations: Record<string, boolean> = {}
  return {
    name: `Source Middleware ${name}`,
    type: 'before',
    version: '0.1.0',
    isLoaded: () => middleware !== undefined,
    async load(ctx: Context) {
      try {
        const file = options.obfuscate ? btoa(name).replaceAll('=', '') : name
        await loadScript(`${settings.cdnURL}/next-integrations/middleware/${file}/latest/${file}.js.gz`)
        middleware = globalFunction(`${name}Middleware`)
        const destinations = queue.plugins.filter(({ type }) => type === 'destination')
        integrations = Object.fromEntries(destinations.map((destination) => [destination.name, true]))
      } catch (error) {
        console.error(`The middleware ${name} could not be loaded`, error)
        ctx.log('error', 'failed_remote_middleware', { middleware: name, error })
      }
    },
    ...onEveryEvent((ctx: Context) =>
      middleware ? runSourceMiddleware(ctx, middleware, integrations) : ctx,
    ),
  }
}

function globalFunction(name: string): MiddlewareFunction {
  const found = globalNamed(name)
  if (typeof found !== 'function') throw new TypeError(`There is no function ${name}`)
  // Nobody can know what it does with its arguments.
  return found as MiddlewareFunction
}
