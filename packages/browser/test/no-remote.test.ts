/** `@sluice/browser/no-remote`, bundled as the script of an extension. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { buildNoRemote } from '../../../scripts/lib/build-no-remote.mjs'
import type * as Library from '../src'
import { startServer } from './client/support/fake-server'
import { advance, plugin, settled, useFreshPages, writeKey } from './client/support/start-page'

let folder: string
let text: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-no-remote-'))
  await buildNoRemote(folder)
  const bundle = await build({
    entryPoints: [join(folder, 'no-remote.js')],
    nodePaths: [
      join(import.meta.dirname, '../node_modules'),
      join(import.meta.dirname, '../../core/node_modules'),
    ],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
  })
  text = bundle.outputFiles[0]?.text ?? ''
})
afterAll(() => rm(folder, { recursive: true, force: true }))

useFreshPages()

function library(): typeof Library {
  const module = { exports: {} }
  new Function('module', 'exports', text)(module, module.exports)
  return module.exports as typeof Library
}

const cdnSettings = {
  integrations: {
    'Segment.io': { apiKey: writeKey },
    Classic: {
      type: 'browser',
      bundlingStatus: 'bundled',
      versionSettings: { componentTypes: ['browser' as const] },
    },
  },
  remotePlugins: [
    {
      name: 'Remote',
      creationName: 'Remote Action',
      url: 'https://cdn.segment.com/next-integrations/actions/remote/1.js',
      libraryName: 'remoteDestination',
      settings: {},
    },
  ],
  enabledMiddleware: { '@segment/redact': true },
}

it('holds nothing that puts a script on the page, and nothing that is loaded later', () => {
  expect(text).not.toMatch(
    /createElement"?\)?\(["'`]script|\bsrc\s*[:=]\s*|importScripts|\bimport\(|\beval\(|new Function/,
  )
  expect(text).toContain('AnalyticsBrowser')
})

it('tells of the destinations whose scripts it does not run, and sends events all the same', async () => {
  const server = startServer()
  const errors: unknown[] = []
  const analytics = library().AnalyticsBrowser.load({ writeKey, cdnSettings })
  analytics.on('error', ({ code, reason }) =>
    errors.push([code, String(reason), String(Object(reason).cause)]),
  )
  await analytics.track('A')
  await settled()

  const notRun = (address: string) => `runs no scripts of others, such as ${address}`
  expect(errors).toHaveLength(2)
  expect(errors).toEqual(
    expect.arrayContaining([
      [
        'initialization_failure',
        'Error: The destination Remote Action could not be loaded',
        expect.stringContaining(notRun('https://cdn.segment.com/next-integrations/actions/remote/1.js')),
      ],
      [
        'initialization_failure',
        'Error: The destination Classic could not be loaded',
        expect.stringContaining(notRun('https://cdn.segment.com/next-integrations/integrations/classic')),
      ],
    ]),
  )
  expect(document.querySelectorAll('script')).toHaveLength(0)
  expect(server.names).toEqual(['A'])
})

it('hands events to destinations that are bundled with it', async () => {
  startServer()
  const got = vi.fn()
  const track: Library.Plugin['track'] = (ctx) => {
    got(ctx.event.event)
    return ctx
  }
  const remote = Object.assign(
    () => plugin({ name: 'Remote', type: 'destination', version: '1.0.0', track }),
    {
      pluginName: 'Remote',
    },
  )
  const analytics = library().AnalyticsBrowser.load({ writeKey, cdnSettings, plugins: [remote] })
  await analytics.track('A')
  await advance(10)

  expect(got.mock.calls).toEqual([['A']])
})
