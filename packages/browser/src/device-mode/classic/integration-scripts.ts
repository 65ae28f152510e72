import { isFunction } from '@sluice/core'
import { hostClock } from '@sluice/core/internal'
import type { Context } from '../../context'
import { loadScript, unloadScript } from '../../page-script/load-script'
import { globalNamed } from '../../past-markup'
import { type ScriptOf, scriptPath, slugOf } from './script-address'

/** A script that came in less, in ms, was in the browser's cache. */
const cachedMs = 100

export interface IntegrationScripts {
  /** Puts the scripts on the page, the destination's own and those it needs, and answers what they leave there. */
  load(ctx: Context): Promise<unknown>
  /** Takes them off the page. */
  unload(): void
}

/** The scripts of a destination on the CDN. */
export function createIntegrationScripts(cdnURL: string, script: ScriptOf): IntegrationScripts {
  const { name } = script
  const folder = `${cdnURL}/next-integrations`
  const address = folder + scriptPath(script)
  const left = (what: string) => globalNamed(slugOf(name) + what)
  let needed: string[] = []

  return {
    async load(ctx) {
      const start = hostClock.elapsed()
      try {
        await loadScript(address)
        const took = hostClock.elapsed() - start
        ctx.stats.gauge('legacy_destination_time', took, [name, ...(took < cachedMs ? ['cached'] : [])])
      } catch (reason) {
        ctx.stats.gauge('legacy_destination_time', -1, [`plugin:${name}`, 'failed'])
        throw reason
      }
      const paths = left('Deps')
      needed = Array.isArray(paths) ? paths.map((path) => `${folder}${path}.gz`) : []
      await Promise.all(needed.map((url) => loadScript(url)))
      const run = left('Loader')
      if (!isFunction(run)) throw new Error(`${address} has left no loader on the page`)
      run()
      return left('Integration')
    },
    unload() {
      for (const url of [address, ...needed]) unloadScript(url)
    },
  }
}
