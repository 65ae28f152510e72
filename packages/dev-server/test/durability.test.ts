import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Libsql from 'libsql'
import { beforeAll, describe, expect, it } from 'vitest'
import { createDevServer } from '../src/index'
import { buildCli } from './helpers/build-cli'
import { runCli } from './helpers/run-cli'
import { batchOf, startDevServer, trackCall } from './helpers/start-dev-server'
import { temporaryFolder } from './helpers/temporary-folder'

let cli: string
beforeAll(async () => {
  cli = await buildCli('durability')
})

/** Sends batches from several connections until the connection breaks; answers the ids that were acknowledged. */
async function sendUntilGone(url: string, onAcknowledged: (batches: number) => void): Promise<string[]> {
  const acknowledged: string[] = []
  let batches = 0
  const sender = async (name: string) => {
    for (let number = 0; ; number += 1) {
      const ids = Array.from({ length: 20 }, (_, index) => `${name}-${number}-${index}`)
      const body = JSON.stringify({
        writeKey: 'dev',
        batch: ids.map((messageId) => trackCall({ messageId })),
      })
      const response = await fetch(`${url}/v1/batch`, { method: 'POST', body })
      if (response.status !== 200) throw new Error(`answered ${response.status}`)
      acknowledged.push(...ids)
      batches += 1
      onAcknowledged(batches)
    }
  }
  await Promise.allSettled(['a', 'b', 'c', 'd'].map(sender))
  return acknowledged
}

describe('a server killed with SIGKILL under load', () => {
  it('has lost no acknowledged event, counts what it stored, and still knows every id', async () => {
    const folder = await temporaryFolder()
    const server = runCli(cli, ['--port', '0', '--quiet'], folder)
    const [url] = await server.until(/http:\/\/127\.0\.0\.1:\d+/)

    const acknowledged = await sendUntilGone(url, (batches) => {
      if (batches === 60) server.child.kill('SIGKILL')
    })
    expect(await server.exit).toBe('SIGKILL')

    const store = join(folder, '.sluice', 'dev-server.sqlite')
    const { client, post } = await startDevServer({ memory: false, store })
    const events = await client.events({ limit: 10_000 })
    const stored = new Set(events.map((event) => event.messageId))
    expect(acknowledged.length).toBeGreaterThanOrEqual(1_200)
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
    expect(await client.counts()).toMatchObject({ accepted: events.length, byType: { track: events.length } })

    await post('/v1/track', trackCall({ messageId: acknowledged[0] }))
    expect(await client.counts()).toMatchObject({ accepted: events.length, duplicates: 1 })
  })
})

describe('a store on disk', () => {
  it('is there again after a clean stop, with its counts', async () => {
    const store = join(await temporaryFolder(), 'deep', 'store.sqlite')
    const first = await startDevServer({ memory: false, store })
    await first.post('/v1/batch', batchOf(3))
    await first.post('/v1/track', '{')
    const before = await first.client.counts()
    await first.dev.close()

    const second = await startDevServer({ memory: false, store })

    expect((await second.client.events()).map((event) => event.messageId)).toEqual(['m0', 'm1', 'm2'])
    expect(await second.client.counts()).toEqual(before)
  })

  it('that cannot be written makes senders keep their events, and counts none of them', async () => {
    const store = join(await temporaryFolder(), 'store.sqlite')
    const { post, client } = await startDevServer({ memory: false, store })
    const other = new Libsql(store)
    other.exec('begin immediate')

    const refused = await post('/v1/track', trackCall({ messageId: 'm1' }))
    other.exec('rollback')
    const taken = await post('/v1/track', trackCall({ messageId: 'm1' }))

    expect(refused.status).toBe(503)
    expect(refused.body).toMatchObject({ error: { code: 'store_not_usable' } })
    expect(taken.status).toBe(200)
    expect(await client.counts()).toMatchObject({ accepted: 1, duplicates: 0, refused: { store: 1 } })
    other.close()
  })

  it('that cannot be used fails the start, and says which', async () => {
    const store = join(await temporaryFolder(), 'store.sqlite')
    await writeFile(store, 'this is not a database, and long enough to be told from one'.repeat(20))

    await expect(createDevServer({ port: 0, store })).rejects.toMatchObject({
      code: 'store_not_usable',
      facts: { path: store },
    })
  })
})
