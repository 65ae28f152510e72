/** `typewriter`: the clients for Node that it generates, and its own command line, which tells Segment of its use. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { libraries } from '../src/libraries'
import { type Facts, type Program, runProcess } from '../src/node/run-process'
import { bundleShop } from '../src/typewriter/bundle-shop'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-typewriter-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function runOnBoth(program: (library: (typeof libraries)[number]) => Promise<Program>): Promise<Facts> {
  const [segment, sluice] = await Promise.all(
    libraries.map(async (library) => runProcess(library, await program(library))),
  )
  if (!segment) throw new Error('There are two libraries')
  expect(sluice).toEqual(segment)
  return segment
}

it('generates clients that track the same', async () => {
  const { events, output } = await runOnBoth(async (library) => ({ file: await bundleShop(library, folder) }))

  expect(events.map(({ event }) => event).sort()).toEqual([
    'Cart Viewed',
    'Order Completed',
    'Order Completed',
    'Order Completed',
    'Unknown Analytics Call Fired',
  ])
  expect(JSON.parse(output)).toEqual({
    violations: ['Order Completed', "must have required property 'order_id'", 'must be number'],
    told: [[null, 'Order Completed']],
    failures: ['Error: You must set an analytics-node instance:'],
  })
})

it('tells the same of its own use', async () => {
  const typewriter = dirname(createRequire(import.meta.url).resolve('typewriter/package.json'))
  const plan = fileURLToPath(new URL('../src/typewriter/plan.json', import.meta.url))
  const { events } = await runOnBoth(async () => ({
    file: join(typewriter, 'bin/run'),
    args: ['production'],
    async prepare(folder) {
      await writeFile(join(folder, 'typewriter.yml'), config)
      await mkdir(join(folder, 'analytics'))
      await copyFile(plan, join(folder, 'analytics/plan.json'))
    },
  }))

  expect(events).toHaveLength(1)
})

const config = `
client:
  sdk: analytics-node
  language: typescript
trackingPlans:
  - id: rs_shop
    path: ./analytics
`
