import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import { webcrypto } from 'node:crypto'
import { hostClock } from '@sluice/core/internal'
import { backgroundClock } from './background-clock'
import type { Platform } from './platform'

export const nodePlatform: Platform = {
  clock: hostClock,
  backgroundClock,
  byteLength: (text) => Buffer.byteLength(text),
  // Test environments that imitate a browser have none as a global.
  subtle: () => webcrypto.subtle,
  createCallSites: () => () => new AsyncResource('SluiceEvent'),
  assertShareable() {},
  createScopes: () => new AsyncLocalStorage(),
}
