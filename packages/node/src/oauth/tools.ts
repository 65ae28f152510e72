import { backoff } from '@sluice/core'
import { alwaysOnline, createSender, singleFlight } from '@sluice/core/internal'
import { base64Of } from '../http/base64'
import { callClient, withinLimits } from '../http/call-client'
import { HopelessError } from '../http/hopeless-error'
import { rememberFailure } from '../http/remember-failure'
import { responseHeaders } from '../http/response-headers'

/**
 * What OAuth shares with the rest of the library. It is handed to the part that is loaded on first use, which imports none of
 * it: of what two files import, bundlers make a third, and everybody would load and unpack that one besides.
 */
export const tools = {
  alwaysOnline,
  backoff,
  base64Of,
  callClient,
  createSender,
  HopelessError,
  rememberFailure,
  responseHeaders,
  singleFlight,
  withinLimits,
}

export type Tools = typeof tools
