import type { FastifyInstance } from 'fastify'
import { version } from '../../package.json'
import type { ServerParts } from '../server-parts'
import { indexPage, indexPlaces, indexPolicy } from './index-page'

/** Shows at `/` what there is: a page to browsers, JSON to everything else. */
export function indexRoutes(app: FastifyInstance, { options }: Pick<ServerParts, 'options'>): void {
  app.get('/', (request, reply) => {
    const writeKey = options.writeKeys[0] ?? 'dev'
    const facts = { version, url: `http://${request.host}`, writeKey }
    void reply.header('vary', 'accept')
    if (!/\btext\/html\b/i.test(request.headers.accept ?? '')) {
      return reply.send({
        name: '@sluice/dev-server',
        version,
        routes: Object.fromEntries(indexPlaces(facts)),
      })
    }
    void reply.headers({
      'content-security-policy': indexPolicy,
      'cross-origin-resource-policy': 'same-origin',
    })
    return reply.type('text/html; charset=utf-8').send(indexPage(facts))
  })
}
