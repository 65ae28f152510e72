/** What is known only when a request is made. */
export interface SendFields {
  readonly sentAt: Date
}

/**
 * The body that carries one event: its text, which was made once when it was accepted, with the time of sending behind
 * it. Nothing is parsed and nothing is turned into JSON again.
 */
export function singleEventBody(json: string, { sentAt }: SendFields): string {
  return withField(json, `"sentAt":"${sentAt.toISOString()}"`)
}

/** The body that carries several. */
export function batchBody(jsons: readonly string[], writeKey: string, { sentAt }: SendFields): string {
  return `{"writeKey":${JSON.stringify(writeKey)},"batch":[${jsons.join(',')}],"sentAt":"${sentAt.toISOString()}"}`
}

function withField(json: string, field: string): string {
  const open = json.slice(0, -1)
  return `${open}${open.length > 1 ? ',' : ''}${field}}`
}
