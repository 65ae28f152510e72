import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installSluice, runNode, segmentFolder } from '../src/installed'
import { nodeSubjects } from '../src/subjects'

const use = "const analytics = new Analytics({ writeKey: 'k' }); console.log(typeof analytics.track)"

describe.each(nodeSubjects)('$name, installed', (subject) => {
  let folder = segmentFolder
  let remove = async () => {}
  beforeAll(async () => {
    if (subject.name === 'sluice') ({ folder, remove } = await installSluice())
  })
  afterAll(() => remove())

  const name = subject.libraryName

  it('can be imported by name', async () => {
    expect(await runNode(folder, 'module', `import { Analytics } from '${name}'; ${use}`)).toBe('function')
  })

  it('can be required by name and as default', async () => {
    expect(await runNode(folder, 'commonjs', `const { Analytics } = require('${name}'); ${use}`)).toBe(
      'function',
    )
    expect(await runNode(folder, 'commonjs', `const Analytics = require('${name}').default; ${use}`)).toBe(
      'function',
    )
  })

  it('exports the known values', async () => {
    const program = `import * as all from '${name}'
      console.log(['Analytics', 'Context', 'FetchHTTPClient', 'default'].filter((key) => all[key] === undefined).length)`

    expect(await runNode(folder, 'module', program)).toBe('0')
  })

  it('keeps no process alive that did nothing with it', async () => {
    expect(
      await runNode(folder, 'module', `import { Analytics } from '${name}'; ${use}; await analytics.ready`),
    ).toBe('function')
  })

  // D19: for the peer, the default of an import in Node is an object that holds the class.
  it(
    subject.name === 'sluice' ? 'can be imported as default' : 'can not be imported as default',
    async () => {
      const printed = await runNode(folder, 'module', `import Analytics from '${name}'; ${use}`)

      if (subject.name === 'sluice') expect(printed).toBe('function')
      else expect(printed).toMatch(/Analytics is not a constructor/)
    },
  )
})
