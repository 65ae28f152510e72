/**
 * Takes the place of `load-script` in the library that is published as `@sluice/browser/no-remote`: stores of browser
 * extensions refuse code that could run scripts from elsewhere.
 */
import type { loadScript as load, unloadScript as unload } from './load-script'

export const loadScript: typeof load = async (url) => {
  throw new Error(
    `@sluice/browser/no-remote runs no scripts of others, such as ${url}: bundle what it brings, and pass that to load in plugins or classicIntegrations`,
  )
}

export const unloadScript: typeof unload = () => {}
