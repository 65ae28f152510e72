/** Destinations of the second generation, as the CDN serves them: every one that the package has. */
import { expect, it } from 'vitest'
import { lastEvent, shopping } from '../src/calls'
import { type Choice, remotePlugin, sourceWith } from '../src/destinations'
import { expectSame } from '../src/same'
import { tally } from '../src/tally'

interface Case {
  slug: string
  choice?: Choice
  /** Which calls the vendor gets, and how many. */
  receives: Record<string, number>
}

const alone: Case[] = [
  { slug: 'amplitude-plugins', choice: { creationName: 'Actions Amplitude' }, receives: {} },
  {
    slug: 'braze',
    choice: { settings: { api_key: 'k', endpoint: 'sdk.iad-01.braze.com' } },
    receives: {
      'braze.addSdkMetadata (braze.BrazeSdkMetadata.SEGMENT)': 1,
      'braze.changeUser': 4,
      'braze.display.automaticallyShowNewInAppMessages': 1,
      'braze.getUser': 4,
      'braze.initialize': 1,
      'braze.logCustomEvent': 7,
      'braze.logPurchase': 2,
      'braze.openSession': 1,
      'braze.user.setCustomUserAttribute': 23,
      'braze.user.setEmail': 3,
      'braze.user.setFirstName': 2,
      'braze.user.setGender': 2,
      'braze.user.setHomeCity': 2,
      'braze.user.setLastName': 2,
      'braze.user.setPhoneNumber': 2,
    },
  },
  { slug: 'braze-cloud-plugins', receives: {} },
  {
    slug: 'fullstory',
    choice: { settings: { orgId: 'o' } },
    receives: { 'FS event': 8, 'FS setVars': 3, 'FS user': 7 },
  },
  {
    slug: 'google-analytics-4-web',
    choice: {
      settings: { measurementID: 'G-1' },
      subscriptions: {
        generateLead: null,
        viewPromotion: { subscribe: 'type = "track" and event = "Promotion Viewed"' },
        customEvent: { subscribe: 'type = "track" and event = "Article Read"' },
        setConfigurationFields: {
          mapping: { user_id: { '@path': '$.userId' }, user_properties: { '@path': '$.traits' } },
        },
      },
    },
    receives: {
      'dataLayer.push config G-1': 1,
      'dataLayer.push event Article_Read': 1,
      'dataLayer.push event add_to_cart': 1,
      'dataLayer.push event page_view': 7,
      'dataLayer.push event purchase': 1,
      'dataLayer.push event sign_up': 1,
      'dataLayer.push event view_item': 1,
      'dataLayer.push js': 1,
      'dataLayer.push set': 9,
    },
  },
  {
    slug: 'heap',
    choice: { settings: { appId: '1' } },
    receives: { 'heap.addUserProperties': 12, 'heap.identify': 3, 'heap.track': 12 },
  },
  {
    slug: 'hubspot-web',
    choice: { settings: { portalId: '1' } },
    receives: {
      '_hsq.push identify': 4,
      '_hsq.push trackCustomBehavioralEvent': 8,
      '_hsq.push trackPageView': 3,
    },
  },
  {
    slug: 'intercom',
    choice: { settings: { appId: 'a' } },
    receives: { 'Intercom boot': 1, 'Intercom trackEvent': 8, 'Intercom update': 8 },
  },
  { slug: 'segment-utilities-web', choice: { settings: { throttleWindow: 60_000 } }, receives: {} },
]

const besides: Case[] = [
  {
    slug: 'adobe-target',
    choice: { settings: { client_code: 'c', admin_number: '1', mbox_name: 'm', version: '2.8.0' } },
    receives: { 'adobe.target.trackEvent': 12, 'adobe.target.triggerView': 3 },
  },
  {
    slug: 'commandbar',
    choice: { settings: { orgId: 'o', deploy: true } },
    receives: { 'CommandBar boot': 4, 'CommandBar trackEvent': 8 },
  },
  {
    slug: 'friendbuy',
    choice: { settings: { merchantId: 'm' } },
    receives: {
      'friendbuyAPI.push merchant m': 1,
      'friendbuyAPI.push track Article Read': 1,
      'friendbuyAPI.push track Nothing Special': 1,
      'friendbuyAPI.push track Order Completed': 1,
      'friendbuyAPI.push track Product Added': 1,
      'friendbuyAPI.push track Product Viewed': 1,
      'friendbuyAPI.push track Signed Out': 1,
      'friendbuyAPI.push track Signed Up': 1,
      'friendbuyAPI.push track Visit Ended': 1,
      'friendbuyAPI.push track customer': 4,
      'friendbuyAPI.push track page': 3,
      'friendbuyAPI.push track purchase': 1,
      'friendbuyAPI.push track sign_up': 1,
    },
  },
  {
    slug: 'iterate',
    choice: { settings: { apiKey: 'k' } },
    receives: { 'Iterate event': 8, 'Iterate identify': 4 },
  },
  {
    slug: 'koala',
    choice: { settings: { project_slug: 'p' } },
    receives: { 'KoalaSDK.load': 1, 'ko.identify': 5, 'ko.ready': 1, 'ko.track': 8 },
  },
  {
    slug: 'logrocket',
    choice: { settings: { appID: 'a/b' } },
    receives: { 'LogRocket.identify': 4, 'LogRocket.init': 1, 'LogRocket.track': 8 },
  },
  {
    slug: 'playerzero-web',
    choice: { settings: { projectId: 'p' } },
    receives: { 'playerzero.identify': 3, 'playerzero.setUserVars': 1, 'playerzero.track': 8 },
  },
  {
    slug: 'ripe',
    choice: { settings: { apiKey: 'k' } },
    receives: { 'Ripe.group': 1, 'Ripe.identify': 4, 'Ripe.init': 1, 'Ripe.page': 3, 'Ripe.track': 8 },
  },
  { slug: 'sabil', choice: { settings: { client_id: 'c' } }, receives: { 'Sabil.attach': 3 } },
  {
    slug: 'screeb',
    choice: { settings: { websiteId: 'w' } },
    receives: {
      '$screeb event.track': 7,
      '$screeb identity': 5,
      '$screeb identity.group.assign': 1,
      '$screeb init': 1,
    },
  },
  {
    slug: 'sprig-web',
    choice: { settings: { envId: 'e' } },
    receives: { 'Sprig identifyAndSetAttributes': 5, 'Sprig identifyAndTrack': 7, 'Sprig logoutUser': 1 },
  },
  { slug: 'stackadapt', choice: { settings: { universalPixelId: 'p' } }, receives: { 'saq ts': 11 } },
  {
    slug: 'upollo',
    choice: { settings: { apiKey: 'k' } },
    receives: { 'upollo.checkEmail': 4, 'upollo.track': 4 },
  },
  {
    slug: 'userpilot',
    choice: { settings: { token: 't' } },
    receives: { 'userpilot.group': 1, 'userpilot.identify': 4, 'userpilot.reload': 3, 'userpilot.track': 8 },
  },
  { slug: 'vwo', choice: { settings: { vwoAccountId: 1 } }, receives: { 'VWO.event': 8, 'VWO.visitor': 4 } },
  {
    slug: 'wisepops',
    choice: { settings: { websiteId: 'w' } },
    receives: {
      'wisepops event': 8,
      'wisepops goal': 1,
      'wisepops options': 1,
      'wisepops pageview': 3,
      'wisepops properties': 4,
    },
  },
]

it.each(alone)('$slug receives the same calls', async ({ slug, choice, receives }) => {
  const { vendorCalls } = await expectSame({
    settings: sourceWith([remotePlugin(slug, choice)]),
    calls: shopping,
  })
  expect(tally(vendorCalls)).toEqual(receives)
})

it('all 25 in one source load, initialise and receive the same calls', async () => {
  const all = [...alone, ...besides]
  const { plugins, vendorCalls } = await expectSame({
    settings: sourceWith(all.map(({ slug, choice }) => remotePlugin(slug, choice))),
    calls: shopping,
  })
  expect(all).toHaveLength(25)
  expect(plugins.filter(({ isLoaded }) => !isLoaded)).toEqual([])
  expect(tally(vendorCalls)).toMatchObject(Object.assign({}, ...besides.map(({ receives }) => receives)))
})

it('all that see events only when these are sent receive the same calls when their scripts come after the events', async () => {
  const shaping = ['amplitude-plugins', 'braze', 'braze-cloud-plugins', 'segment-utilities-web', 'upollo']
  // It tells its vendor of the visitor as it is when all destinations are ready, and that is later.
  const others = [...shaping, 'koala']
  const late = [...alone, ...besides].filter(({ slug }) => !others.includes(slug))
  const { vendorCalls } = await expectSame({
    settings: sourceWith(late.map(({ slug, choice }) => remotePlugin(slug, choice))),
    // For as long as it is usual.
    options: { remotePluginWait: undefined },
    calls: shopping,
    late: 'destinations',
    lastWords: { text: lastEvent, times: 16 },
  })
  expect(tally(vendorCalls)).toMatchObject(Object.assign({}, ...late.map(({ receives }) => receives)))
})
