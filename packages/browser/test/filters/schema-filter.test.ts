import type { IntegrationsOptions } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import type { Plan, TrackPlan } from '../../src'
import { Context } from '../../src'
import { schemaFilter } from '../../src/filters/schema-filter'
import { startServer, usualSettings } from '../client/support/fake-server'
import { load, plugin, useFreshPages } from '../client/support/start-page'

useFreshPages()

const web = {
  creationName: 'Web (Actions)',
  url: 'https://cdn.test/web.js',
  libraryName: 'web',
}
const remotePlugins = [
  {
    ...web,
    name: 'Web',
    settings: { subscriptions: [{ partnerAction: 'track' }, { partnerAction: 'page' }] },
  },
  { ...web, name: 'Bare', settings: {} },
]

async function planned(plan: TrackPlan, integrations?: IntegrationsOptions) {
  const ctx = new Context({ type: 'track', event: 'Bought', integrations })
  await schemaFilter(plan, remotePlugins).track?.(ctx)
  return ctx.event.integrations
}

describe('the tracking plan', () => {
  it.each<[plan: TrackPlan, integrations: object]>([
    [{}, {}],
    [{ Bought: {} }, {}],
    [{ Bought: { enabled: true } }, {}],
    [{ Bought: { enabled: false } }, { All: false, 'Segment.io': true }],
    [{ __default: { enabled: false } }, { All: false, 'Segment.io': true }],
    [{ Bought: { enabled: true }, __default: { enabled: false } }, {}],
    [
      { Bought: {}, __default: { enabled: false } },
      { All: false, 'Segment.io': true },
    ],
    [{ Bought: { integrations: { Mail: false, Push: true } } }, { Mail: false, Push: true }],
    [{ Bought: { enabled: false, integrations: { Mail: true } } }, { All: false, 'Segment.io': true }],
    [{ __default: { enabled: true, integrations: { Mail: false } } }, {}],
    [{ toString: { enabled: false } }, {}],
  ])('%j switches %j', async (plan, integrations) => {
    expect(await planned(plan)).toEqual(integrations)
  })

  it('leaves what the call says where it says nothing, and never switches on what the call switches off', async () => {
    const asked = { Own: { key: 'k' }, Mail: { a: 1 }, Push: false }

    expect(await planned({ Bought: { enabled: false } }, asked)).toEqual({
      ...asked,
      All: false,
      'Segment.io': true,
    })
    expect(await planned({ Bought: { integrations: { Mail: false, Push: true } } }, asked)).toEqual({
      Own: { key: 'k' },
      Mail: false,
      Push: false,
    })
  })

  it('switches a destination off with all its actions', async () => {
    expect(await planned({ Bought: { integrations: { 'Web (Actions)': false } } })).toEqual({
      'Web (Actions)': false,
      'Web track': false,
      'Web page': false,
    })
  })

  it('says nothing of events without a name', async () => {
    const ctx = new Context({ type: 'page', name: 'Bought', integrations: {} })
    await schemaFilter({ __default: { enabled: false } }).page?.(ctx)

    expect(ctx.event.integrations).toEqual({})
  })
})

describe('the tracking plan of a client', () => {
  /** The events that a destination of the page gets, and whether the server gets them. */
  async function sent(ofSource?: Plan, ofPage?: Plan) {
    const server = startServer()
    server.settings = { ...usualSettings, ...(ofSource && { plan: ofSource }) }
    const seen: unknown[] = []
    const destination = plugin({
      name: 'Web',
      type: 'destination',
      track(ctx) {
        seen.push(ctx.event.event)
        return ctx
      },
    })
    const [analytics] = await load({ ...(ofPage && { plan: ofPage }) }, { plugins: [destination] })
    await analytics.track('Bought')
    await analytics.track('Sold')
    return { seen, names: server.names }
  }

  const without = (event: string): Plan => ({ track: { [event]: { enabled: false } } })

  it('is that of the source, whatever else is loaded', async () => {
    expect(await sent(without('Bought'))).toEqual({ seen: ['Sold'], names: ['Bought', 'Sold'] })
  })

  it('is that of the page if it has one', async () => {
    expect(await sent(without('Bought'), without('Sold'))).toEqual({
      seen: ['Bought'],
      names: ['Bought', 'Sold'],
    })
  })

  it('holds nothing back if it says nothing of events', async () => {
    expect(await sent({ identify: {} })).toEqual({ seen: ['Bought', 'Sold'], names: ['Bought', 'Sold'] })
  })
})

describe('settings of a source that are not what they should be', () => {
  const of = (settings: unknown) => ({ ...web, name: 'Web', settings })

  it.each<[string, unknown, object]>([
    ['plugins that are no list', { a: 1 }, {}],
    ['a plugin that is none', [null, 5, ...remotePlugins], { 'Web track': false, 'Web page': false }],
    ['settings that are none', [of(null)], {}],
    ['subscriptions that are no list', [of({ subscriptions: {} })], {}],
    [
      'a subscription that is none',
      [of({ subscriptions: [null, { partnerAction: 'track' }] })],
      { 'Web track': false },
    ],
  ])('do not keep events from going on: %s', async (_, odd, actions) => {
    const plan = { track: { Bought: { enabled: true, integrations: { 'Web (Actions)': false } } } }
    const ctx = new Context({ type: 'track', event: 'Bought' })
    await schemaFilter(plan.track, odd as []).track?.(ctx)

    expect(ctx.event.integrations).toEqual({ 'Web (Actions)': false, ...actions })
  })
})
