import type { Analytics } from '../analytics'
import type { LinkArguments } from './types'

/** Tracks clicks on links. */
export function trackLinks(_analytics: Analytics, ..._args: LinkArguments): void {}
