import { DevServerError } from './dev-server-error'
import { isJsonObject, type JsonObject } from './json'
import { defaultLimits } from './limits'
import type { DevServerOptions } from './options'

type Check = { is: (value: unknown) => boolean; should: string }

const checks: Record<keyof DevServerOptions, Check> = {
  port: { is: (value) => isWhole(value) && value <= 65_535, should: 'be a port number, or 0 for any' },
  host: { is: isText, should: 'be an address or a name' },
  allowedHosts: { is: isTextList, should: 'be a list of host names' },
  writeKeys: { is: isTextList, should: 'be a list of write keys' },
  anyKey: { is: isBoolean, should: 'be true or false' },
  strict: { is: isBoolean, should: 'be true or false' },
  memory: { is: isBoolean, should: 'be true or false' },
  store: { is: isText, should: 'be the path of a file' },
  limits: {
    is: isLimits,
    should: `hold positive whole numbers named ${Object.keys(defaultLimits).join(', ')}`,
  },
  rateLimit: { is: isRateLimit, should: 'be { requests, perMs? } with positive whole numbers' },
  oauth: { is: isOAuth, should: 'be { clients: [{ clientId, keyId, publicKey }], … }' },
  settings: { is: isJsonObject, should: 'be an object' },
  now: { is: isFunction, should: 'be a function' },
  random: { is: isFunction, should: 'be a function' },
}

/** Says whether a value, which may come out of a file, can be used as options; throws `invalid_option` naming the first that cannot. */
export function checkOptions(value: unknown): DevServerOptions {
  if (!isJsonObject(value)) throw invalid('options', 'be an object')
  const given = Object.fromEntries(Object.entries(value).filter(([, setting]) => setting !== undefined))
  for (const [option, setting] of Object.entries(given)) {
    const check = Object.hasOwn(checks, option) ? checks[option as keyof DevServerOptions] : undefined
    if (check === undefined)
      throw invalid(option, `be left out: options are ${Object.keys(checks).join(', ')}`)
    if (!check.is(setting)) throw invalid(option, check.should)
  }
  return given
}

function invalid(option: string, should: string): DevServerError {
  return new DevServerError('invalid_option', `${option} should ${should}`, { option })
}

function isLimits(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    Object.entries(value).every(([name, limit]) => Object.hasOwn(defaultLimits, name) && isPositive(limit))
  )
}

function isRateLimit(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    isPositive(value.requests) &&
    (value.perMs === undefined || isPositive(value.perMs))
  )
}

function isOAuth(value: unknown): boolean {
  if (!isJsonObject(value) || !Array.isArray(value.clients) || !value.clients.every(isOAuthClient))
    return false
  const { required, tokenLifetimeSeconds, scopes, audiences, clients } = value
  return (
    new Set(clients.map((client: JsonObject) => client.keyId)).size === clients.length &&
    (required === undefined || isBoolean(required)) &&
    (tokenLifetimeSeconds === undefined || isPositive(tokenLifetimeSeconds)) &&
    (scopes === undefined || isTextList(scopes)) &&
    (audiences === undefined || isTextList(audiences))
  )
}

function isOAuthClient(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    isText(value.clientId) &&
    isText(value.keyId) &&
    (isText(value.publicKey) || isJsonObject(value.publicKey))
  )
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

function isPositive(value: unknown): boolean {
  return isWhole(value) && value > 0
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText)
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean'
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}
