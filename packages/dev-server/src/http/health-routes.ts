import type { FastifyInstance } from 'fastify'
import { version } from '../../package.json'
import type { ServerParts } from '../server-parts'

/** Says that the server is alive, which one it is, and what it has seen. */
export function healthRoutes(
  app: FastifyInstance,
  { store, options }: Pick<ServerParts, 'store' | 'options'>,
): void {
  const startedAt = options.now()
  app.get('/health', async () => ({
    status: 'ok',
    name: '@sluice/dev-server',
    version,
    uptimeMs: options.now() - startedAt,
    counts: store.counters.read(),
  }))
}
