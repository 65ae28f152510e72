import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildCli } from './helpers/build-cli'
import { runCli } from './helpers/run-cli'
import { ok } from './helpers/start-dev-server'
import { temporaryFolder } from './helpers/temporary-folder'

let cli: string
beforeAll(async () => {
  cli = await buildCli('cli')
})

const track = (url: string, writeKey: string, event = 'Hello') =>
  fetch(`${url}/v1/track`, { method: 'POST', body: JSON.stringify({ writeKey, event, userId: 'u1' }) })

describe('sluice-dev', () => {
  it('prints where to send, prints what arrives, and ends cleanly on Ctrl-C', async () => {
    const folder = await temporaryFolder()
    const server = runCli(cli, ['--port', '0', '--write-key', 'web', '--write-key', 'app'], folder)
    const [url] = await server.until(/http:\/\/127\.0\.0\.1:\d+/)
    await server.until(/Ctrl-C ends it/)

    expect(server.output()).toMatch(/Write keys +web, app/)
    expect(server.output()).toContain(`new Analytics({ writeKey: 'web', host: '${url}' })`)
    expect(await (await track(url, 'app', 'Evil \u001b[2J name')).json()).toEqual(ok)
    await server.until(/track \[app\] {2}1 accepted: track "Evil .\[2J name"/)
    expect(server.output()).not.toContain('\u001b')
    expect((await track(url, 'dev')).status).toBe(401)
    await server.until(/track {2}refused 401: The write key is not one of this server/)
    // Streams and kept connections must not hold it up.
    await fetch(`${url}/api/stream`)
    server.child.kill('SIGINT')

    expect(await server.exit).toBe(0)
    expect(await readFile(join(folder, '.sluice', '.gitignore'), 'utf8')).toBe('*\n')
  })

  it('takes the config of its folder, and flags over it', async () => {
    const folder = await temporaryFolder()
    await writeFile(
      join(folder, 'sluice.config.json'),
      JSON.stringify({ port: 0, memory: true, writeKeys: ['configured'], strict: true }),
    )

    const server = runCli(cli, ['--write-key', 'flagged'], folder)
    const [url] = await server.until(/http:\/\/127\.0\.0\.1:\d+/)

    expect((await track(url, 'configured')).status).toBe(401)
    expect((await track(url, 'flagged', '')).status).toBe(400)
    expect((await track(url, 'flagged')).status).toBe(200)
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
  })

  it('takes a config that is a module', async () => {
    const folder = await temporaryFolder()
    await writeFile(
      join(folder, 'own.mjs'),
      "export default { port: 0, memory: true, writeKeys: ['m'.repeat(3)] }",
    )

    const server = runCli(cli, ['--config', 'own.mjs'], folder)

    await server.until(/Write keys +mmm/)
  })

  it.each([
    {
      case: 'an unknown option in the config',
      args: ['-c', 'bad.json'],
      says: /bad\.json: colour should be left out/,
    },
    { case: 'a config that is not there', args: ['-c', 'none.json'], says: /none\.json: .*no such file/i },
    { case: 'a port that is none', args: ['--port', '70000'], says: /port should be a port number/ },
    {
      case: 'an OAuth key in another form',
      args: ['--oauth-key', 'abc'],
      says: /--oauth-key should be client-id:key-id:file/,
    },
    {
      case: 'an OAuth key that is no file',
      args: ['--oauth-key', 'a:b:none.pem'],
      says: /none\.pem cannot be read/,
    },
    {
      case: 'an address that is not its own',
      args: ['--port', '0', '--host', '203.0.113.1'],
      says: /Cannot listen on 203\.0\.113\.1/,
    },
  ])('says what is wrong and ends with 2, given $case', async ({ args, says }) => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'bad.json'), '{"colour":"red"}')

    const server = runCli(cli, ['--memory', ...args], folder)

    expect(await server.exit).toBe(2)
    expect(server.output()).toMatch(says)
    expect(server.output().trim().split('\n')).toHaveLength(1)
  })
})
