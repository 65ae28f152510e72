import { describe, expect, it } from 'vitest'
import { welcome } from '../src/cli/welcome'
import { startDevServer } from './helpers/start-dev-server'

describe('the code that is printed', () => {
  it('tells pages where to send, so that they never have to guess while settings cannot be had', async () => {
    const { dev, url } = await startDevServer()

    const printed = welcome(dev)

    expect(printed).toContain(`cdnURL: '${url}'`)
    expect(printed).toContain(`apiHost: '${new URL(url).host}/v1', protocol: 'http'`)
  })

  it('can be pasted whatever the key looks like', async () => {
    const { dev, url } = await startDevServer({ writeKeys: ["it's a key"] })

    const printed = welcome(dev)

    expect(printed).toContain("writeKey: 'it\\'s a key'")
    expect(printed).toContain(`-u 'it'\\''s a key:'`)
    expect(printed).toContain(`${url}/v1/projects/it's%20a%20key/settings`)
  })
})

describe('the keys that are printed', () => {
  it.each([
    [{}, 'dev'],
    [{ writeKeys: ['web', 'app'] }, 'web, app'],
    [{ anyKey: true }, 'every key is taken'],
    [{ anyKey: true, writeKeys: ['web'] }, 'web, and every other'],
  ])('are those that are taken: %j', async (options, keys) => {
    const { dev } = await startDevServer(options)

    expect(/Write keys +(.+)/.exec(welcome(dev))?.[1]).toBe(keys)
  })
})
