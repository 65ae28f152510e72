import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkOptions } from '../check-options'
import { DevServerError } from '../dev-server-error'
import type { DevServerOptions } from '../options'

const usualNames = ['sluice.config.json', 'sluice.config.mjs']

/** Loads the options of a config file: the one that is named, or the one that lies in the working directory, or none. */
export async function loadConfig(path: string | undefined): Promise<DevServerOptions> {
  const file = path ?? usualNames.find((name) => existsSync(name))
  if (file === undefined) return {}
  try {
    return checkOptions(await read(resolve(file)))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DevServerError('config_not_readable', `${file}: ${reason}`, { file }, cause)
  }
}

async function read(file: string): Promise<unknown> {
  if (file.endsWith('.json')) return JSON.parse(await readFile(file, 'utf8'))
  const module: { default?: unknown } = await import(pathToFileURL(file).href)
  if (module.default === undefined) throw new Error('it should export its options as default')
  return module.default
}
