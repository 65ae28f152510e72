import cors from '@fastify/cors'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { isJsonObject } from '../json'
import type { ServerParts } from '../server-parts'
import { SearchTooLong } from '../store/event-search'
import { isStoreFailure } from '../store/store-failure'
import { answerBeforeNode, refuseExpectation } from './answer-before-node'
import { answerBrokenRequest } from './answer-broken-request'
import { healthRoutes } from './health-routes'
import { createHostGuard } from './host-guard'
import { indexRoutes } from './index-routes'
import { metricsRoutes } from './metrics-routes'
import { refuseForeignPages } from './origin-guard'
import { Problem } from './problem'
import { refuseUnknownNames } from './refuse-unknown-names'
import { securityHeaders } from './security-headers'
import { settingsRoutes } from './settings-routes'
import { storeNotUsable } from './store-not-usable'
import { streamRoutes } from './stream-routes'
import { createTellMistake } from './tell-mistake'
import { queryNames, testApiRoutes } from './test-api-routes'
import { tokenRoutes } from './token-routes'
import { trackingRoutes } from './tracking-routes'
import { isMistake, unknownRoute } from './unknown-route'

/** Puts the routes behind one HTTP server, with the rules that hold for all of them. */
export function createApp(parts: ServerParts): FastifyInstance {
  const { host, allowedHosts } = parts.options
  const checkHost = createHostGuard(host, allowedHosts)
  const tellMistake = createTellMistake(parts)
  const app = Fastify({
    logger: false,
    forceCloseConnections: 'idle',
    requestTimeout: 30_000,
    // The check of the host refuses requests without one, in our form.
    http: { requireHostHeader: false },
    // Closing ends what waits; the rest is answered as ever.
    return503OnClosing: false,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, _request, reply) => sendProblem(toProblem(error), reply),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1_000 },
  })
  answerBeforeNode(app.server)

  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(securityHeaders)
    refuseExpectation(request.headers.expect)
    try {
      checkHost(request.headers.host)
    } catch (problem) {
      throw problem instanceof Problem ? tellMistake(nameOf(request), 'host', problem) : problem
    }
  })
  app.setErrorHandler((error: FastifyError, _request, reply) => sendProblem(toProblem(error), reply))
  const refuseUnknownRoute = (request: FastifyRequest) => {
    const path = pathOf(request)
    const problem = unknownRoute(request.method, path)
    throw isMistake(request.method, path) ? tellMistake(nameOf(request), 'route', problem) : problem
  }
  app.setNotFoundHandler(refuseUnknownRoute)

  // Bodies are read by the routes, each by its own limit; what a sender calls its content type does not matter.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, stream, done) => done(null, stream))

  void app.register(
    async (tracking) => {
      tracking.addHook('onRequest', async (request, reply) => {
        void reply.header('cross-origin-resource-policy', 'cross-origin')
        // Chrome asks this before a page on the internet may talk to an address like ours.
        if (request.headers['access-control-request-private-network'] === 'true') {
          void reply.header('access-control-allow-private-network', 'true')
        }
      })
      await tracking.register(cors, {
        origin: true,
        credentials: true,
        methods: ['GET', 'HEAD', 'POST'],
        exposedHeaders: ['Retry-After', 'X-RateLimit-Reset'],
        maxAge: 600,
        strictPreflight: false,
      })
      trackingRoutes(tracking, parts)
      metricsRoutes(tracking, parts)
      settingsRoutes(tracking, parts)
      tracking.setNotFoundHandler(refuseUnknownRoute)
    },
    { prefix: '/v1' },
  )
  void app.register(
    async (api) => {
      api.addHook('onRequest', async (request) => refuseForeignPages(request.headers))
      api.addHook('preHandler', async (request, reply) => {
        const route = request.routeOptions.url?.slice('/api'.length) ?? ''
        refuseUnknownNames(isJsonObject(request.query) ? request.query : {}, queryNames[route] ?? [])
        // The work behind an answer is not done where nobody gets to see it, and a stream would have no end.
        if (request.method === 'HEAD') return reply.send()
      })
      testApiRoutes(api, parts)
      streamRoutes(api, parts)
    },
    { prefix: '/api' },
  )
  tokenRoutes(app, parts)
  healthRoutes(app, parts)
  indexRoutes(app, parts)
  return app
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? ''
}

function nameOf(request: FastifyRequest): string {
  return `${request.method} ${pathOf(request)}`
}

function sendProblem(problem: Problem, reply: FastifyReply): void {
  // What a route has set holds for its errors, too: pages of other sites are to read why their call was refused.
  const missing = Object.entries(securityHeaders).filter(([name]) => !reply.hasHeader(name))
  void reply.code(problem.status).headers({ ...Object.fromEntries(missing), ...problem.headers })
  void reply.type('application/json').send(JSON.stringify(problem))
}

function toProblem(error: Error & { statusCode?: number }): Problem {
  if (error instanceof Problem) return error
  if (error instanceof SearchTooLong) {
    const advice = 'Narrow it by event, userId or messageId, or begin later with after'
    return new Problem(503, 'search_too_long', `${error.message}. ${advice}`)
  }
  if (isStoreFailure(error)) return storeNotUsable('The store cannot be used', error)
  const status = error.statusCode ?? 500
  if (status < 500) return new Problem(status, 'request_not_usable', error.message)
  return new Problem(500, 'internal_error', `The dev server failed: ${error.message}`)
}
