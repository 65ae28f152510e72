import { hostClock, utf8Length } from '@sluice/core/internal'
import { HopelessError } from '../http/hopeless-error'
import { backgroundClock } from './background-clock'
import type { Platform, Scopes } from './platform'

type ScopesClass = new <Value>() => Scopes<Value>

interface EdgeGlobals {
  readonly AsyncLocalStorage?: ScopesClass
  readonly process?: { getBuiltinModule?(name: string): { AsyncLocalStorage?: ScopesClass } | undefined }
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
  createScopes<Value>() {
    const globals = globalThis as unknown as EdgeGlobals
    // Vercel has it as a global; Cloudflare as a module, with the flag nodejs_compat.
    const Found =
      globals.AsyncLocalStorage ?? globals.process?.getBuiltinModule?.('node:async_hooks')?.AsyncLocalStorage
    if (!Found)
      throw new Error(
        'withContext needs AsyncLocalStorage, which this runtime lacks (Workers: set nodejs_compat)',
      )
    return new Found<Value>()
  },
}
