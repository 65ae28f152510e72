import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { otherKeys } from '../auth/authorise'
import { createStrike } from '../faults/strike'
import { isJsonObject, type JsonObject } from '../json'
import type { ServerParts } from '../server-parts'
import { Problem } from './problem'
import { createTellMistake } from './tell-mistake'

/** The settings document that browser SDKs load first: it sends them here, and nowhere else. To be registered under `/v1`. */
export function settingsRoutes(
  app: FastifyInstance,
  parts: Pick<ServerParts, 'options' | 'faults' | 'replies' | 'arrivals'>,
): void {
  const { options } = parts
  const strikeRequest = createStrike(parts)
  const tellMistake = createTellMistake(parts)

  const answer = async (request: FastifyRequest<{ Params: { writeKey: string } }>, reply: FastifyReply) => {
    const strike = strikeRequest('settings', reply)
    if ((await strike.before()) || (await strike.after())) return reply
    const { writeKey } = request.params
    if (!options.anyKey && !options.writeKeys.includes(writeKey)) {
      const message = `The write key ${JSON.stringify(writeKey)} is not one of this server. ${otherKeys}`
      const problem = new Problem(404, 'write_key_unknown', message, { where: 'writeKey' })
      throw tellMistake('settings', 'auth', problem)
    }
    return mergeSettings(defaultSettings(writeKey, `${request.host}/v1`), options.settings)
  }

  app.get<{ Params: { writeKey: string } }>('/projects/:writeKey/settings', answer)
}

function defaultSettings(writeKey: string, apiHost: string): JsonObject {
  return {
    integrations: {
      'Segment.io': {
        apiKey: writeKey,
        apiHost,
        protocol: 'http',
        type: 'server',
        addBundledMetadata: true,
        unbundledIntegrations: [],
        maybeBundledConfigIds: {},
        versionSettings: { version: '4.4.7', componentTypes: ['browser'] },
      },
    },
    plan: { track: { __default: { enabled: true, integrations: {} } } },
    remotePlugins: [],
    middlewareSettings: { routingRules: [] },
    enabledMiddleware: {},
    // With no category and no unmapped destination, a consent wrapper would take it that nothing may ever be sent.
    consentSettings: { allCategories: [], hasUnmappedDestinations: true },
    // Without a host of its own the SDK would send its metrics to the internet.
    metrics: { host: apiHost, protocol: 'http', sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
  }
}

function mergeSettings(defaults: JsonObject, own: JsonObject): JsonObject {
  const integrations = mergeEach(asObject(defaults.integrations), asObject(own.integrations))
  return { ...defaults, ...own, integrations }
}

function mergeEach(defaults: JsonObject, own: JsonObject): JsonObject {
  const merged = Object.entries(own).map(([name, value]) =>
    isJsonObject(value) ? [name, { ...asObject(defaults[name]), ...value }] : [name, value],
  )
  return { ...defaults, ...Object.fromEntries(merged) }
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {}
}
