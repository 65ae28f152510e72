import { type CallSite, hostClock, utf8Length } from '@sluice/core/internal'
import { HopelessError } from '../http/hopeless-error'
import { detectRuntime } from '../runtime'
import { backgroundClock } from './background-clock'
import type { Platform, Scopes } from './platform'

interface AsyncHooks {
  readonly AsyncLocalStorage?: {
    new <Value>(): Scopes<Value>
    snapshot?(): CallSite['runInAsyncScope']
  }
  readonly AsyncResource?: new (type: string) => CallSite
}

interface EdgeGlobals extends AsyncHooks {
  readonly process?: { getBuiltinModule?(name: string): AsyncHooks | undefined }
}

/** Vercel has it as globals; Cloudflare as a module, with the flag nodejs_compat. */
function asyncHooks(): AsyncHooks {
  const globals = globalThis as unknown as EdgeGlobals
  if (globals.AsyncLocalStorage) return globals
  return globals.process?.getBuiltinModule?.('node:async_hooks') ?? {}
}

/** For runtimes that are not Node: nothing of Node is imported, whatever they offer is found when it is needed. */
export const edgePlatform: Platform = {
  clock: hostClock,
  backgroundClock,
  byteLength: utf8Length,
  subtle() {
    const { crypto } = globalThis as Partial<typeof globalThis>
    if (!crypto?.subtle) throw new HopelessError('OAuth needs the Web Crypto API, which this runtime lacks')
    return crypto.subtle
  },
  createCallSites() {
    const { AsyncResource, AsyncLocalStorage } = asyncHooks()
    if (AsyncResource) return () => new AsyncResource('SluiceEvent')
    return () => ({ runInAsyncScope: AsyncLocalStorage?.snapshot?.() ?? ((run) => run()) })
  },
  assertShareable(waitUntil) {
    if (waitUntil && detectRuntime() === 'cloudflare-worker')
      throw new Error(
        'On Workers no request can finish what another has begun: make a client for each request, and give waitUntil to that, not to withContext',
      )
  },
  createScopes<Value>() {
    const { AsyncLocalStorage: Found } = asyncHooks()
    if (!Found)
      throw new Error(
        'withContext needs AsyncLocalStorage, which this runtime lacks (Workers: set nodejs_compat)',
      )
    return new Found<Value>()
  },
}
