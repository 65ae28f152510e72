import { describe } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import { fields } from '../../src/fields'
import type { Hook } from '../../src/library'
import { plugin } from '../../src/plugins'

const throwing: Hook = () => {
  throw new Error('mine')
}
const rejecting: Hook = () => Promise.reject(new Error('mine'))

const cases: Record<string, [type: string, hook: Hook]> = {
  'an enrichment': ['enrichment', (ctx) => ctx],
  'a destination': ['destination', (ctx) => ctx],
  'a before plugin that throws': ['before', throwing],
  'an enrichment that throws': ['enrichment', throwing],
  'a destination that throws': ['destination', throwing],
  'a destination that rejects': ['destination', rejecting],
  'a destination that cancels': ['destination', (ctx) => ctx.cancel()],
  'an after plugin that throws': ['after', throwing],
}

describe('metrics of an event', () => {
  for (const [name, [type, hook]] of Object.entries(cases)) {
    agrees(`are the same after ${name}, in its context and in what that is as plain data`, async (page) => {
      const client = await page.start()
      await page.value(client.register(plugin(type, 'Mine', hook)))
      const { ctx } = await page.value(
        new Promise<{ ctx: Parameters<Hook>[0] }>((resolve) => {
          client.on('dispatch_start', (ctx) => resolve({ ctx: ctx as Parameters<Hook>[0] }))
          void client.track('E').catch(() => {})
        }),
      )
      await page.pass(100)
      return [ctx.stats.metrics, fields(JSON.parse(JSON.stringify(ctx))).metrics]
    })
  }
})
