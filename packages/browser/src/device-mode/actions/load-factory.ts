import { isFunction } from '@sluice/core'
import type { Analytics } from '../../analytics'
import { loadScript } from '../../page-script/load-script'
import { globalNamed } from '../../past-markup'
import type { RemotePlugin } from '../../settings/cdn-settings'

/** The CDN whose addresses are written in settings, wherever these come from. */
const segmentCDN = /^https:\/\/cdn\.segment\.(com|build)(?=\/)/

/** Puts the destination's script on the page, and answers the function that it leaves there. */
export async function loadFactory(
  entry: RemotePlugin,
  { settings, options }: Analytics,
): Promise<(settings: object) => unknown> {
  const { url, libraryName, integrity, crossOrigin } = entry
  const address = settings.cdnURL ? url.replace(segmentCDN, () => settings.cdnURL ?? '') : url
  const load = (from: string) => loadScript(from, { integrity, crossOrigin })
  // The CDN may not have every script under its hidden name.
  if (options.obfuscate) await load(obfuscated(address)).catch(() => load(address))
  else await load(address)
  const factory = globalNamed(libraryName)
  if (!isFunction(factory)) throw new Error(`${address} has left no function ${libraryName} on the page`)
  return (given) => factory(given)
}

/** The address with the name of the destination, its last folder, in letters that no filter list knows. */
function obfuscated(address: string): string {
  const parts = address.split('/')
  const name = parts.at(-2) ?? ''
  parts[parts.length - 2] = btoa(name).replaceAll('=', '')
  return parts.join('/')
}
