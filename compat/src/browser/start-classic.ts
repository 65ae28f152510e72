import { onTestFinished, vi } from 'vitest'
import { fields } from '../fields'
import type { Fields } from '../library'
import { type Facade, type IntegrationParts, notedIntegration } from './classic-integration'
import type { Page } from './page'
import { type ScriptReply, serveScripts } from './scripts'

/** Settings of a destination that runs on pages. */
export const ofBrowser = { type: 'browser' }

export interface Setting {
  /** Settings of the source for its destinations; those of one named Noted unless given. */
  ofSource?: Fields
  cdn?: Fields
  options?: Fields
}

/** Settings of a page's source with these destinations. */
export const settingsOf = (page: Page, { ofSource = { Noted: ofBrowser }, cdn }: Setting) => ({
  integrations: { ...fields(page.cdnSettings.integrations), ...ofSource },
  ...cdn,
})

/** A client with a destination from npm, ready but for what `parts` say. */
export async function startClient(
  page: Page,
  parts: IntegrationParts = {},
  setting: Setting = {},
  read?: (facade: Facade) => unknown,
) {
  const { source, told } = notedIntegration(parts, read)
  const client = await page.start(setting.options, {
    cdnSettings: settingsOf(page, setting),
    classicIntegrations: [source],
  })
  return { client, told }
}

/** Where the CDN has what destinations consist of. */
export const address = (path: string, cdn = 'https://cdn.segment.com') => `${cdn}/next-integrations${path}`

/** A client whose destinations are loaded from the CDN, and the addresses that were asked for. */
export async function startFromCDN(
  page: Page,
  replies: Record<string, ScriptReply>,
  setting: Setting = {},
  settings: Fields = {},
) {
  // In tests, the peer leaves them all out.
  vi.stubEnv('NODE_ENV', 'production')
  onTestFinished(() => void vi.unstubAllEnvs())
  const asked = serveScripts(replies)
  const client = await page.start(setting.options, { cdnSettings: settingsOf(page, setting), ...settings })
  await page.pass(10)
  return { client, asked }
}

/** What the script of a destination does: it leaves these globals. */
export function leaving(slug: string, source: unknown, deps: string[] = []): ScriptReply {
  return {
    run() {
      Reflect.set(globalThis, `${slug}Deps`, deps)
      Reflect.set(globalThis, `${slug}Loader`, () => Reflect.set(globalThis, `${slug}Integration`, source))
    },
  }
}
