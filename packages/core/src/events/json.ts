export type JSONPrimitive = string | number | boolean | null
export type JSONValue = JSONPrimitive | JSONObject | JSONArray
export type JSONObject = { [member: string]: JSONValue }
export type JSONArray = JSONValue[]

/**
 * Whatever the application puts into its events, and whatever client a plugin was written for. It is `any` for two
 * reasons: interfaces and instances of classes can be assigned to an index signature only if that is what it holds, and
 * people do pass both as traits and properties; and a queue must take plugins of clients that core does not know.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Anything = any

/** `T` in which every field, at every depth, may also be `null`: that is how a trait is cleared. */
export type DeepNullable<T> = {
  [Key in keyof T]: T[Key] extends object ? DeepNullable<T[Key]> | null : T[Key] | null
}
