export type Runtime = 'node' | 'browser' | 'web-worker' | 'cloudflare-worker' | 'vercel-edge' | 'unknown'

interface Marks {
  readonly navigator?: { readonly userAgent?: unknown }
  readonly WebSocketPair?: unknown
  readonly EdgeRuntime?: unknown
  readonly process?: { readonly env?: unknown; readonly version?: unknown }
  readonly window?: unknown
  readonly WorkerGlobalScope?: unknown
  readonly importScripts?: unknown
}

/**
 * Where the library runs, as far as that can be told. Edge runtimes come first: with their Node compatibility switched
 * on they look like Node, and Node looks like none of them.
 */
export function detectRuntime(marks: Marks = globalThis as unknown as Marks): Runtime {
  if (marks.navigator?.userAgent === 'Cloudflare-Workers' || marks.WebSocketPair !== undefined)
    return 'cloudflare-worker'
  if (typeof marks.EdgeRuntime === 'string') return 'vercel-edge'
  if (typeof marks.process?.env === 'object' && typeof marks.process.version === 'string') return 'node'
  if (typeof marks.window === 'object') return 'browser'
  if (marks.WorkerGlobalScope !== undefined && typeof marks.importScripts === 'function') return 'web-worker'
  return 'unknown'
}

/** What the library tells the server about its surroundings. */
export function runtimeMetadata(marks?: Marks): { nodeVersion?: string; jsRuntime: Runtime } {
  const jsRuntime = detectRuntime(marks)
  // Not `process.version`: bundlers for the edge warn of that.
  const version = (marks ?? (globalThis as unknown as Marks)).process?.version
  return jsRuntime === 'node' ? { nodeVersion: String(version), jsRuntime } : { jsRuntime }
}
