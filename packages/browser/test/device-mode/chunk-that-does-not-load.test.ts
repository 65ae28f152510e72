import { expect, it, vi } from 'vitest'
import { startServer, usualSettings } from '../client/support/fake-server'
import { advance, consoleErrors, load, useFreshPages } from '../client/support/start-page'
import { entry } from './actions/support/fake-destination'

const network = vi.hoisted(() => ({ answer: (): Promise<never> => Promise.reject(new Error('404')) }))

vi.mock('../../src/device-mode/actions/action-destinations', () => network.answer())
vi.mock('../../src/device-mode/classic/classic-destinations', () => network.answer())

useFreshPages()

function openPage() {
  const server = startServer()
  const classic = { type: 'browser', versionSettings: { componentTypes: ['browser' as const] } }
  server.settings = {
    ...usualSettings,
    integrations: { ...usualSettings.integrations, Classic: classic, Off: classic },
    remotePlugins: [entry('Alpha'), entry('Off')],
  }
  const analytics = load({ integrations: { Off: false }, pluginTimeout: 5_000 })
  const errors: string[] = []
  analytics.on('error', ({ code, reason }) => errors.push(`${code}: ${reason}`))
  return { server, analytics, errors }
}

it.each<[string, () => Promise<never>, number]>([
  ['cannot be loaded', () => Promise.reject(new Error('404')), 0],
  ['hangs', () => new Promise<never>(() => {}), 5_000],
])('events go on without the destinations whose code %s, and these are told of', async (_, answer, ms) => {
  network.answer = answer
  const { server, analytics, errors } = openPage()
  const tracked = analytics.track('A')
  await advance(ms)
  await tracked

  expect(server.events).toMatchObject([
    { event: 'A', _metadata: { failedInitializations: ['Classic', 'Alpha'] } },
  ])
  expect(errors).toEqual(
    ['Classic', 'Alpha'].map(
      (name) => `initialization_failure: Error: The destination ${name} could not be loaded`,
    ),
  )
  expect(consoleErrors().map(([text]) => text)).toEqual([
    'Classic destinations could not be loaded',
    'Action destinations could not be loaded',
  ])
})
