import type { AnalyticsBrowserSettings, InitOptions, RemotePlugin } from '../../../../src'
import { startServer, usualSettings } from '../../../client/support/fake-server'
import { load } from '../../../client/support/start-page'
import { holdDestinations } from './fake-destination'

/** A page whose source has these destinations. */
export function openPage(
  remotePlugins: RemotePlugin[],
  options: InitOptions = {},
  settings: Partial<AnalyticsBrowserSettings> = {},
) {
  const server = startServer()
  server.settings = { ...usualSettings, remotePlugins }
  const scripts = holdDestinations()
  return { server, scripts, analytics: load(options, settings) }
}
