import { Command, InvalidArgumentError } from 'commander'
import { version } from '../../package.json'
import { createDevServer, type DevServer } from '../create-dev-server'
import { DevServerError } from '../dev-server-error'
import type { DevServerOptions } from '../options'
import { describeNotice } from './describe-notice'
import { loadConfig } from './load-config'
import { readOAuthKey } from './oauth-key'
import { welcome } from './welcome'

interface Flags {
  port?: number
  host?: string
  allowHost?: string[]
  writeKey?: string[]
  anyKey?: true
  strict?: true
  memory?: true
  store?: string
  rateLimit?: number
  oauthKey?: string[]
  oauthRequired?: true
  config?: string
  quiet?: true
}

/** Runs the command line: flags over config file over defaults, a welcome, a line per request, and a clean end. */
export async function runCli(argv: string[]): Promise<void> {
  const flags = createCommand().parse(argv).opts<Flags>()
  try {
    const dev = await createDevServer({ ...(await loadConfig(flags.config)), ...(await toOptions(flags)) })
    console.log(welcome(dev))
    if (flags.quiet !== true) dev.onArrival((notice) => console.log(describeNotice(notice)))
    closeOnSignal(dev)
  } catch (error) {
    if (!(error instanceof DevServerError)) throw error
    console.error(`sluice-dev: ${error.message}`)
    process.exitCode = 2
  }
}

function createCommand(): Command {
  return new Command('sluice-dev')
    .description('A Segment-compatible Tracking API on your own machine')
    .version(version)
    .option('-p, --port <number>', 'port to listen on; 0 takes any free one (default: 4777)', wholeNumber)
    .option('--host <address>', 'address to bind to (default: 127.0.0.1)')
    .option('--allow-host <name>', 'another name it may be called by; repeatable', collect)
    .option('-k, --write-key <key>', 'a source that may send; repeatable (default: dev)', collect)
    .option('--any-key', 'take every write key')
    .option('--strict', 'answer 400 with a list when an event is faulty')
    .option('--memory', 'keep nothing on disk')
    .option('--store <file>', 'file of the store (default: .sluice/dev-server.sqlite)')
    .option(
      '--rate-limit <requests>',
      'answer 429 beyond so many requests per second and write key',
      wholeNumber,
    )
    .option(
      '--oauth-key <client:key:file>',
      'client id, key id and PEM file of a public key; repeatable',
      collect,
    )
    .option('--oauth-required', 'refuse calls without a token')
    .option('-c, --config <file>', 'sluice.config.json or .mjs (default: the one in the working directory)')
    .option('-q, --quiet', 'do not print a line per request')
}

async function toOptions(flags: Flags): Promise<DevServerOptions> {
  const {
    port,
    host,
    allowHost,
    writeKey,
    anyKey,
    strict,
    memory,
    store,
    rateLimit,
    oauthKey,
    oauthRequired,
  } = flags
  const clients = await Promise.all((oauthKey ?? []).map(readOAuthKey))
  const given = {
    port,
    host,
    allowedHosts: allowHost,
    writeKeys: writeKey,
    anyKey,
    strict,
    memory,
    store,
    rateLimit: rateLimit === undefined ? undefined : { requests: rateLimit },
    oauth: clients.length === 0 ? undefined : { clients, required: oauthRequired === true },
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function closeOnSignal(dev: DevServer): void {
  const close = () => {
    // A second signal finds no handler and ends the process the hard way.
    process.off('SIGINT', close)
    process.off('SIGTERM', close)
    dev.close().catch((error: unknown) => {
      if (!(error instanceof DevServerError)) throw error
      console.error(`sluice-dev: ${error.message}`)
      process.exitCode = 3
    })
  }
  process.on('SIGINT', close)
  process.on('SIGTERM', close)
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw new InvalidArgumentError('should be a whole number')
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value]
}
