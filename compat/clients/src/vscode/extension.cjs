/** An extension with Red Hat's telemetry: does what the first argument says, and prints what came of it. */
const { join } = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')
const { getRedHatService } = require('@redhat-developer/vscode-redhat-telemetry')
const { answerMessage, Uri, workspace } = require('vscode')

function createContext() {
  const state = new Map()
  return {
    subscriptions: [],
    extension: {
      id: 'shop.kettles',
      packageJSON: { publisher: 'shop', name: 'kettles', version: '1.2.3', segmentWriteKey: 'dev' },
    },
    globalStorageUri: Uri.file(join(process.env.HOME, 'storage', 'shop.kettles')),
    globalState: { get: (key) => state.get(key), update: async (key, value) => void state.set(key, value) },
  }
}

const enable = () => workspace.getConfiguration('redhat.telemetry').update('enabled', true)

/** Resolves when so many events have arrived. */
async function arrived(count) {
  const body = JSON.stringify({ count, timeoutMs: 20_000 })
  const answer = await fetch(`${process.env.TRACKING_API}/api/wait`, { method: 'POST', body })
  const { matched } = await answer.json()
  if (!matched) throw new Error(`Fewer than ${count} events have arrived`)
}

/** As an editor does when it is closed. */
async function deactivate({ subscriptions }) {
  for (const { dispose } of subscriptions) await dispose()
}

const scenarios = {
  async 'a session'() {
    await enable()
    const context = createContext()
    const telemetry = await (await getRedHatService(context)).getTelemetryService()
    await telemetry.sendStartupEvent()
    await telemetry.send({
      name: 'kettle boiled',
      properties: { degrees: 100, error: 'at /home/ada/kettle.ts:1' },
      measures: { seconds: 90 },
    })
    await telemetry.send({ type: 'page', name: 'welcome', properties: { path: 'welcome' } })
    await telemetry.send({ name: 'secret' })
    await arrived(4)
    await deactivate(context)
  },

  /** Events wait until the user has been asked. */
  async 'a user who accepts later'() {
    const context = createContext()
    const telemetry = await (await getRedHatService(context)).getTelemetryService()
    await telemetry.send({ name: 'before the answer' })
    await answerMessage('Accept')
    await arrived(2)
    await telemetry.send({ name: 'after the answer' })
    await arrived(3)
    await deactivate(context)
  },

  async 'a user who denies'() {
    const context = createContext()
    const telemetry = await (await getRedHatService(context)).getTelemetryService()
    await telemetry.send({ name: 'before the answer' })
    await answerMessage('Deny')
    await telemetry.send({ name: 'after the answer' })
    await sleep(200)
    await deactivate(context)
  },

  /** The same facts of the user are told once. */
  async 'two sessions'() {
    await enable()
    for (const [index, name] of ['first', 'second'].entries()) {
      const context = createContext()
      const telemetry = await (await getRedHatService(context)).getTelemetryService()
      await telemetry.send({ name })
      await arrived(2 + index)
      await deactivate(context)
    }
  },
}

const run = scenarios[process.argv[2]]
if (!run) throw new Error(`There is no scenario ${process.argv[2]}`)
run().then(
  () => process.exit(0),
  (cause) => {
    console.error(cause)
    process.exit(1)
  },
)
