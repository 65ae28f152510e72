import { isPlainObject } from '@sluice/core'
import type { Analytics } from '../analytics'
import type { WaitingCalls } from '../beginning'
import type { AnalyticsBrowserSettings } from '../browser-settings'
import { readGlobal, setGlobalAnalyticsKey, writeGlobal } from '../global-key'
import type { InitOptions } from '../options'
import { ownFields } from '../own-fields'
import { ownScript } from '../page-script/own-script'
import { cdnOfScript } from '../settings/cdn-base'
import { findWriteKey } from './find-write-key'
import { createPageCalls } from './page-calls'
import { report } from './report'
import { forwardTo, isSnippetArray, isTaken, type SnippetArray, takeCalls } from './snippet-array'

type Load = (
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
  calls: WaitingCalls,
) => Promise<unknown>

/**
 * Takes over from the snippet of a page: makes the client with what the snippet and the library's own script tell, makes
 * the calls that were made so far in their order, and puts the client where the snippet was. Never throws.
 */
export async function boot(script: HTMLScriptElement | undefined, load: Load): Promise<void> {
  try {
    await start(script, load)
  } catch (reason) {
    report('Failed to load Analytics.js', reason)
  }
}

async function start(script: HTMLScriptElement | undefined, load: Load): Promise<void> {
  const { writeKey: onScript, cdn, apiHost, globalSegmentAnalyticsKey } = ownFields(script?.dataset)
  ownScript.nonce = script?.nonce
  if (script) takePolicy(script)
  setGlobalAnalyticsKey(globalSegmentAnalyticsKey)

  const array = takeGlobal()
  if (!array) return report('The library was included twice')
  const own = <Name extends keyof SnippetArray>(name: Name) =>
    Object.hasOwn(array, name) ? array[name] : undefined
  const writeKey = findWriteKey({
    onScript,
    fromSnippet: own('_writeKey'),
    address: script?.src,
  })
  if (!writeKey) return report('There is no write key, in the snippet or as data-write-key')

  const options = withApiHost(ownFields(own('_loadOptions')), apiHost)
  const calls = createPageCalls((analytics) => {
    defineLoad(analytics)
    writeGlobal(analytics)
    forwardTo(analytics, array)
  })
  const ofSnippet = own('_cdn')
  const fromSnippet = typeof ofSnippet === 'string' ? ofSnippet : undefined
  const cdnURL = cdn || fromSnippet || cdnOfScript(script?.src ?? '')
  const loading = load({ writeKey, cdnURL }, options, calls.waiting)
  if (options.initialPageview) calls.make(['page'])
  takeCalls(array, calls.make)
  try {
    await loading
  } catch (reason) {
    calls.refuse(reason)
    throw reason
  }
}

/** The snippet leaves its Trusted Types policy on the element, and there it must not stay. */
function takePolicy(script: HTMLScriptElement): void {
  ownScript.policy = Reflect.get(script, 'policy')
  Reflect.deleteProperty(script, 'policy')
}

/** The snippet's list, or a new one in its place; nothing, if another copy of this library has it. */
function takeGlobal(): SnippetArray | undefined {
  const given = readGlobal()
  if (isSnippetArray(given)) return isTaken(given) ? undefined : given
  if (given && Reflect.get(Object(given), 'initialize')) return undefined
  const array: SnippetArray = []
  writeGlobal(array)
  return array
}

function withApiHost(options: InitOptions, apiHost: string | undefined): InitOptions {
  const { 'Segment.io': ofPage, All } = options.integrations ?? {}
  if (!apiHost || ofPage === false || (All === false && !ofPage)) return options
  const given = isPlainObject(ofPage) ? ofPage : {}
  return { ...options, integrations: { ...options.integrations, 'Segment.io': { apiHost, ...given } } }
}

/** Pages that load twice are told, and are not harmed. */
function defineLoad(analytics: Analytics): void {
  Object.assign(analytics, {
    load: () => console.warn('[analytics.js]', 'The library has been loaded already'),
  })
}
