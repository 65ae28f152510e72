import { AsyncLocalStorage } from 'node:async_hooks'
import { hostClock } from '@sluice/core/internal'
import { backgroundClock } from './background-clock'
import type { Platform } from './platform'

export const nodePlatform: Platform = {
  clock: hostClock,
  backgroundClock,
  byteLength: (text) => Buffer.byteLength(text),
  createScopes: () => new AsyncLocalStorage(),
}
