import { isFunction } from '@sluice/core'
import type { Analytics } from '../../analytics'
import type { ClassicIntegration } from '../../browser-settings'

const methods = ['initialize', 'invoke', 'on', 'once'] as const

/** Makes the destination of what its script has left or its package exports, and tells it the client. */
export function makeIntegration(source: unknown, settings: object, analytics: Analytics): ClassicIntegration {
  const Integration = constructorOf(source, analytics)
  const { type, ...rest }: { type?: unknown } = settings
  // The settings say what kind of destination it is; a few have a setting of that name.
  const integration: unknown = Reflect.construct(Integration, [type === 'browser' ? rest : { ...settings }])
  assertIntegration(integration)
  integration.analytics = analytics
  return integration
}

function constructorOf(source: unknown, analytics: Analytics) {
  if (!isFunction(source)) throw new TypeError('It has left no integration on the page')
  if (!('Integration' in source)) return source
  source({ user: () => analytics.user(), addIntegration() {} })
  const { Integration } = source
  if (!isFunction(Integration)) throw new TypeError('Its integration is no constructor')
  return Integration
}

function assertIntegration(made: unknown): asserts made is ClassicIntegration {
  const missing = methods.filter((name) => !isFunction(Reflect.get(Object(made), name)))
  if (missing.length > 0) throw new TypeError(`Its integration has no ${missing.join(', no ')}`)
}
