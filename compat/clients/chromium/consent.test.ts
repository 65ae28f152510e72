/** `@segment/analytics-consent-tools`: asks the visitor's consent before the client loads, and stamps it on events. */
import { describe } from 'vitest'
import { agree } from '../src/agree'

const destination = `
window.received = []
window.recorderDestination = () => ({
  name: 'Recorder Action',
  type: 'destination',
  version: '1.0.0',
  isLoaded: () => true,
  load: () => Promise.resolve(),
  track(ctx) {
    window.received.push(ctx.event.event)
    return ctx
  },
})`

/** A source that has mapped its destination to both categories. */
const page = {
  page: 'consent',
  files: { '/destination.js': destination },
  source: {
    consentSettings: { allCategories: ['Analytics', 'Advertising'], hasUnmappedDestinations: false },
    integrations: { Recorder: { consentSettings: { categories: ['Analytics', 'Advertising'] } } },
    remotePlugins: [
      {
        name: 'Recorder',
        creationName: 'Recorder',
        libraryName: 'recorderDestination',
        url: '/destination.js',
        settings: {},
      },
    ],
  },
}

const three = ['Before Load', 'After Load', 'identify']

describe.each(['opt-in', 'opt-out'])('given %s', (model) => {
  agree('the page sends and destinations get what all categories allow', {
    ...page,
    scenario: `${model}, all agreed`,
    sends: three,
    receives: ['Before Load', 'After Load'],
  })

  agree('a destination whose category is denied gets nothing', {
    ...page,
    scenario: `${model}, some agreed`,
    sends: three,
  })

  agree('nothing is sent when nothing is agreed to', {
    ...page,
    scenario: `${model}, nothing agreed`,
    sends: [],
  })
})

describe('given choices that change on the page', () => {
  agree('with opt-out, what is denied later is held back, and what is granted again goes on', {
    ...page,
    scenario: 'opt-out, changed on the page',
    sends: [
      'Agreed',
      'Segment Consent Preference Updated',
      'Agreed In Part',
      'Segment Consent Preference Updated',
      'Agreed Again',
    ],
    receives: ['Agreed', 'Segment Consent Preference Updated', 'Agreed Again'],
  })

  agree('with opt-in, every event is stamped with the choice of its moment', {
    ...page,
    scenario: 'opt-in, changed on the page',
    sends: [
      'Agreed In Part',
      'Segment Consent Preference Updated',
      'Agreed',
      'Segment Consent Preference Updated',
      'Agreed To Nothing',
    ],
  })

  agree('the client waits behind the banner, and tells of the page as it was', {
    ...page,
    path: '/shop?utm_campaign=spring',
    scenario: 'opt-in, after the banner',
    sends: ['page', 'Behind The Banner', 'Segment Consent Preference Updated'],
  })
})

describe('given categories that the page maps itself', () => {
  agree('a destination gets what its own categories allow', {
    ...page,
    scenario: 'mapped on the page',
    sends: ['Mapped'],
    receives: ['Mapped'],
  })

  agree('a rule of the page decides for each destination', {
    ...page,
    scenario: 'a rule of its own',
    sends: ['By The Rule'],
    receives: ['By The Rule'],
  })
})

describe('given a page with options of its own', () => {
  agree('its change of the settings and its question whether to load go along with those of the tools', {
    ...page,
    scenario: 'options of the page',
    sends: ['With Options'],
  })

  agree('it may disable the client', { ...page, scenario: 'disabled by the page', sends: [] })
})

describe('given a platform that wants no consent asked', () => {
  agree('the client may be switched off', { ...page, scenario: 'disabled by the platform', sends: [] })

  agree('the client may load as if there were no tools', {
    ...page,
    scenario: 'aborted, loads without consent',
    sends: ['Unstamped'],
    receives: ['Unstamped'],
  })

  agree('the client may stay unloaded', { ...page, scenario: 'aborted, loads nothing', sends: [] })
})

describe('given a platform that fails', () => {
  agree('nothing is sent without it', { ...page, scenario: 'a platform that never comes', sends: [] })

  agree('nothing is sent when its categories are none', {
    ...page,
    scenario: 'categories that are none',
    sends: [],
  })
})

describe('given a snippet', () => {
  const onSnippet = { ...page, page: 'snippet', hasSnippet: true }
  const sends = [
    'identify',
    'Before Load',
    'page',
    'After Load',
    'Segment Consent Preference Updated',
    'After The Choice',
  ]

  agree('with opt-in, the tools wrap its list and go on with the client', {
    ...onSnippet,
    scenario: 'opt-in, all agreed',
    sends,
    receives: ['Before Load', 'After Load', 'Segment Consent Preference Updated', 'After The Choice'],
  })

  agree('with opt-in, a destination whose category is denied is not loaded', {
    ...onSnippet,
    scenario: 'opt-in, some agreed',
    sends,
  })

  agree('with opt-out, a destination gets what is allowed later', {
    ...onSnippet,
    scenario: 'opt-out, some agreed',
    sends,
    receives: ['Segment Consent Preference Updated', 'After The Choice'],
  })
})
