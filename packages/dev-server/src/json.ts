/** Any object that came out of `JSON.parse`: its keys are known to be strings, its values are not known at all. */
export type JsonObject = Record<string, unknown>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
