/** Who is measured in the browser, and what they are given. */
export const ours = '@sluice/browser'
export const peer = '@segment/analytics-next'
export const libraries = [peer, ours]

export const writeKey = 'bench'

/** The arguments of `load`, for both. */
export const loadArguments = ({ cdn, api }) => [
  { writeKey, cdnURL: cdn },
  { integrations: { 'Segment.io': { apiHost: `${api.slice('http://'.length)}/v1`, protocol: 'http' } } },
]

/** What the CDN says about a source without device-mode destinations. */
export const settings = JSON.stringify({
  integrations: {
    'Segment.io': {
      apiKey: writeKey,
      unbundledIntegrations: [],
      addBundledMetadata: true,
      maybeBundledConfigIds: {},
      versionSettings: { version: '4.4.7', componentTypes: ['browser'] },
    },
  },
  plan: { track: { __default: { enabled: true, integrations: {} } } },
  edgeFunction: {},
  analyticsNextEnabled: true,
  middlewareSettings: {},
  enabledMiddleware: {},
  metrics: { sampleRate: 0 },
  legacyVideoPluginsEnabled: false,
  remotePlugins: [],
})
