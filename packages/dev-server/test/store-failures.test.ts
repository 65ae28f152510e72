import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import Libsql from 'libsql'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createDevServer } from '../src/index'
import { buildCli } from './helpers/build-cli'
import { fillStore } from './helpers/fill-store'
import { runCli } from './helpers/run-cli'
import { batchOf, startDevServer, trackCall } from './helpers/start-dev-server'
import { temporaryFolder } from './helpers/temporary-folder'

let cli: string
beforeAll(async () => {
  cli = await buildCli('store-failures')
})

async function newStore(): Promise<string> {
  return join(await temporaryFolder(), 'store.sqlite')
}

/** Another process's view of the store. */
function openOther(store: string): Libsql.Database {
  const other = new Libsql(store)
  onTestFinished(() => {
    other.close()
  })
  return other
}

function lock(store: string): { release(): void } {
  const other = openOther(store)
  other.exec('begin immediate')
  return { release: () => other.exec('rollback') }
}

describe('a store that another process holds locked', () => {
  it('holds up no request but the writes, and those only as long as the lock is held', async () => {
    const store = await newStore()
    const { post, get, client } = await startDevServer({ memory: false, store })
    const { release } = lock(store)
    const answered: string[] = []
    const write = post('/v1/track', trackCall({ messageId: 'm1' })).then(({ status }) => {
      answered.push(`write ${status}`)
    })
    while ((await client.counts()).requests === 0);

    answered.push(`health ${(await get('/health')).status}`)
    release()
    await write

    expect(answered).toEqual(['health 200', 'write 200'])
    expect(await client.event('m1')).toMatchObject({ status: 'accepted' })
  })

  it('has each write refused with 503 when the lock stays', async () => {
    const store = await newStore()
    const { post, client } = await startDevServer({ memory: false, store })
    lock(store)

    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, n) => post('/v1/track', trackCall({ messageId: `m${n}` }))),
    )

    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503])
    expect(answers[0]?.body).toMatchObject({
      error: { code: 'store_not_usable', message: expect.stringContaining('Another process holds its lock') },
    })
    expect(await client.counts()).toMatchObject({ accepted: 0, refused: { store: 5 } })
  })

  it('is not reset by halves: all is there still, now and after a restart', async () => {
    const store = await newStore()
    const options = { memory: false, store, rateLimit: { requests: 1, perMs: 60_000 } }
    const { dev, post, client } = await startDevServer(options)
    await post('/v1/batch', batchOf(3))
    await client.faults({ kind: 'hang', routes: ['token'] })
    const { release } = lock(store)

    const refused = await post('/api/reset', '')
    release()

    expect(refused).toMatchObject({ status: 503, body: { error: { code: 'store_not_usable' } } })
    expect(await client.events()).toHaveLength(3)
    expect(await client.counts()).toMatchObject({ accepted: 3 })
    expect(await client.faults()).toHaveLength(1)
    expect((await post('/v1/track', trackCall())).status).toBe(429)
    await dev.close()
    const again = await startDevServer({ memory: false, store })
    expect(await again.client.events()).toHaveLength(3)
    expect(await again.client.counts()).toMatchObject({ accepted: 3 })
  })

  it('makes closing reject with what is lost, and frees port and file all the same', async () => {
    const store = await newStore()
    const dev = await createDevServer({ port: 0, store })
    await (await fetch(`${dev.url}/v1/track`, { method: 'POST', body: '{' })).text()
    const { release } = lock(store)

    await expect(dev.close()).rejects.toMatchObject({
      name: 'DevServerError',
      code: 'store_not_usable',
      message: expect.stringMatching(/^The counts of the last requests could not be written to .*locked/),
    })

    release()
    const again = await createDevServer({ port: dev.port, store })
    await again.close()
  })

  it('ends the command line with one line and a code of its own', async () => {
    const folder = await temporaryFolder()
    const server = runCli(cli, ['--port', '0', '--quiet'], folder)
    const [url] = await server.until(/http:\/\/127\.0\.0\.1:\d+/)
    await server.until(/Ctrl-C ends it/)
    await (await fetch(`${url}/v1/track`, { method: 'POST', body: '{' })).text()
    lock(join(folder, '.sluice', 'dev-server.sqlite'))
    const before = server.output()

    server.child.kill('SIGTERM')

    expect(await server.exit).toBe(3)
    expect(server.output().slice(before.length)).toMatch(
      /^\s*sluice-dev: The counts of the last requests could not be written to [^\n]*\n$/,
    )
  })
})

describe('a store in which a reset fails half way', () => {
  it('keeps its events', async () => {
    const store = await newStore()
    const { post, client } = await startDevServer({ memory: false, store })
    await post('/v1/batch', batchOf(3))
    openOther(store).exec(
      "create trigger no before delete on counters begin select raise(abort, 'not these'); end",
    )

    const { status, body } = await post('/api/reset', '')

    expect({ status, body }).toMatchObject({
      status: 503,
      body: { error: { code: 'store_not_usable', message: expect.stringContaining('not these') } },
    })
    expect(await client.events()).toHaveLength(3)
    expect(await client.counts()).toMatchObject({ accepted: 3 })
  })
})

describe('a damaged store', () => {
  it('says that it is, and what to do, wherever it is asked', async () => {
    const store = await newStore()
    const first = await startDevServer({ memory: false, store })
    await fillStore(first, 300, (n) => ({ n, text: 'x'.repeat(2_000) }))
    await first.dev.close()
    openOther(store).pragma('wal_checkpoint(truncate)')
    await overwrite(store)
    const { get } = await startDevServer({ memory: false, store })

    for (const path of ['/api/events?limit=300', '/api/events?properties={}', '/api/events/m150']) {
      const { status, body } = await get(path)
      expect([path, status]).toEqual([path, 503])
      expect(body).toMatchObject({
        error: { code: 'store_not_usable', message: expect.stringContaining('The file is damaged') },
      })
    }
  })

  it('gives the rows that can be read, and tells which cannot', async () => {
    const store = await newStore()
    const first = await startDevServer({ memory: false, store })
    await first.post('/v1/batch', batchOf(5))
    await first.dev.close()
    const other = openOther(store)
    other.exec(`
      update events set payload = '{"oops' where message_id = 'm1';
      update events set received_at = 9e20 where message_id = 'm2';
      update events set payload = x'00ff', channel = 7, type = 'trick' where message_id = 'm3';
      update counters set value = 'many1' where name = 'accepted';
    `)
    const { get, client } = await startDevServer({ memory: false, store })

    const { events } = (await get('/api/events?status=all')).body as { events: Record<string, unknown>[] }

    expect(events.map(({ messageId, damage, payload }) => [messageId, damage, payload === null])).toEqual([
      ['m0', undefined, false],
      ['m1', 'The store cannot read payload', true],
      ['m2', 'The store cannot read received_at', false],
      ['m3', 'The store cannot read type, channel, payload', true],
      ['m4', undefined, false],
    ])
    expect(await client.event('m1')).toMatchObject({ damage: expect.any(String) })
    expect(await client.waitFor({ messageId: 'm4', properties: {} }, { timeoutMs: 0 }).catch(String)).toMatch(
      /properties is missing/,
    )
    expect(await client.counts()).toMatchObject({ accepted: 0, batches: 1, byType: { track: 5 } })
  })
})

/** Destroys what lies in the middle of a file. */
async function overwrite(path: string): Promise<void> {
  const { size } = await stat(path)
  const file = await open(path, 'r+')
  for (let at = 32 * 1024; at < size; at += 4_096) await file.write(Buffer.alloc(1_000, 0xee), 0, 1_000, at)
  await file.close()
}
