/** What is known only when a request is made. */
export interface SendFields {
  readonly sentAt: Date
}

/**
 * The body that carries one event: its text, which was made once when it was accepted, with the time of sending behind
 * it. Nothing is parsed and nothing is turned into JSON again.
 */
export function singleEventBody(json: string, { sentAt }: SendFields): string {
  return `${json.slice(0, -1)},"sentAt":"${sentAt.toISOString()}"}`
}

/** The body that carries several. */
export function batchBody(jsons: readonly string[], writeKey: string, fields: SendFields): string {
  return singleEventBody(`{"writeKey":${JSON.stringify(writeKey)},"batch":[${jsons.join()}]}`, fields)
}
