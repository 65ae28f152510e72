import { describe } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import { npmDestination, startWith } from '../../src/browser/npm-destination'

const off = { enabled: false }

describe('the tracking plan of the options', () => {
  const plans = [
    {},
    { track: {} },
    { track: { E: {} } },
    { track: { E: { enabled: true } } },
    { track: { E: off } },
    { track: { __default: off } },
    { track: { E: { enabled: true }, __default: off } },
    { track: { E: {}, __default: off } },
    { track: { E: { enabled: true, integrations: { Mine: false } } } },
    { track: { E: { integrations: { Other: false, More: true } } } },
    { track: { E: { enabled: false, integrations: { Mine: true } } } },
    { track: { __default: { enabled: true, integrations: { Mine: false } } } },
    { identify: { E: off }, group: { E: off } },
  ]
  const asked = [undefined, { Mine: { a: 1 } }, { All: false, Mine: true }, { Other: false }]

  for (const plan of plans) {
    for (const integrations of asked) {
      agrees(`${JSON.stringify(plan)}, of a call with ${JSON.stringify(integrations)}`, async (page) => {
        const [mine, other] = [npmDestination('Mine'), npmDestination('Other')]
        const client = await startWith(page, [mine, other], {}, { plan })
        await page.value(client.track('E', {}, { ...(integrations && { integrations }) }))
        await page.value(client.page('E'))
        const types = ({ got }: typeof mine) => got.map(({ type }) => type)
        return [types(mine), types(other), page.sent().map(({ type, integrations: sent }) => [type, sent])]
      })
    }
  }
})
