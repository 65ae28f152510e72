import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createDevServer } from '@sluice/dev-server'
import { type AcceptedEvent, createTestClient } from '@sluice/dev-server/testing'
import { build } from 'esbuild'
import { byContent, comparable } from '../comparable'
import { aliases, type Library } from '../libraries'

/** A program of Node to run. */
export interface Program {
  /** Of its script. */
  readonly file: string
  readonly args?: readonly string[]
  /** Puts files into the folder that it is run in, which is its user's home as well. */
  prepare?(folder: string): Promise<void>
  readonly env?: Readonly<Record<string, string>>
}

/** What was seen of a program. */
export interface Facts {
  /** What arrived at the Tracking API. */
  events: Record<string, unknown>[]
  requests: unknown
  /** What it printed. */
  output: string
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const run = promisify(execFile)

/** Runs the program with one library; it is as it was published, and knows nothing of the other. */
export async function runProcess(
  library: Library,
  { file, args = [], prepare, env }: Program,
): Promise<Facts> {
  const server = await createDevServer({ port: 0, memory: true, anyKey: true })
  const folder = await mkdtemp(join(tmpdir(), 'sluice-client-'))
  try {
    await prepare?.(folder)
    const running = run(process.execPath, ['--require', here('./preload.cjs'), file, ...args], {
      cwd: folder,
      timeout: 30_000,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        LANG: 'en_US.UTF-8',
        TZ: 'UTC',
        ...(library === 'sluice' && { LIBRARY_FILE: await bundleLibrary(folder) }),
        VSCODE_FILE: here('../vscode/editor.cjs'),
        TRACKING_API: server.url,
        ...env,
      },
    })
    // Nobody types anything.
    running.child.stdin?.end()
    const { stdout } = await running
    const api = createTestClient(server.url)
    const { requests, failed, refused } = await api.counts()
    const events = await api.events({ status: 'accepted', limit: 1_000 })
    return comparable(
      library,
      {
        events: byContent(library, events.map(told)),
        requests: { requests, failed, refused },
        output: stdout,
      },
      { [folder]: '/folder' },
    )
  } finally {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Our library from its sources, in one file. */
async function bundleLibrary(folder: string): Promise<string> {
  const outfile = join(folder, 'library.cjs')
  await build({
    stdin: {
      contents: `export * from '@segment/analytics-node'; export { default } from '@segment/analytics-node'`,
      resolveDir: folder,
    },
    outfile,
    alias: aliases.sluice,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  })
  return outfile
}

/** What the sender said; the server corrects `timestamp` by how long the request took. */
function told({ payload: { timestamp, ...payload }, writeKey }: AcceptedEvent): Record<string, unknown> {
  return { ...payload, writeKey }
}
