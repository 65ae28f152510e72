/** `@redhat-developer/vscode-redhat-telemetry`, with a stand-in for the editor. Segment's library is the one it pins. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runProcess } from '../src/node/run-process'

/** What Red Hat's own server would say. */
const configuration = { '*': { enabled: 'all', includes: [{ name: '*' }], excludes: [{ name: 'secret' }] } }

const extension = (scenario: string) => ({
  file: fileURLToPath(new URL('../src/vscode/extension.cjs', import.meta.url)),
  args: [scenario],
  env: {
    REDHAT_TELEMETRY_REMOTE_CONFIG_URL: `data:application/json,${encodeURIComponent(JSON.stringify(configuration))}`,
  },
  async prepare(home: string) {
    await mkdir(join(home, '.redhat'))
    await writeFile(join(home, '.redhat/anonymousId'), '6b3f1c9e-0000-4000-8000-000000000001')
  },
})

describe('given an extension of an editor', () => {
  it.concurrent.each([
    ['a session', ['identify', 'startup', 'kettle boiled', 'page']],
    ['a user who accepts later', ['identify', 'before the answer', 'after the answer']],
    ['a user who denies', []],
    ['two sessions', ['identify', 'first', 'second']],
  ])('tells the same of %s', async (scenario, names) => {
    const [segment, sluice] = await Promise.all([
      runProcess('segment', extension(scenario)),
      runProcess('sluice', extension(scenario)),
    ])

    expect(segment.events.map(({ event, type }) => event ?? type).sort()).toEqual([...names].sort())
    expect(sluice).toEqual(segment)
  })
})
