/**
 * The body that carries one event: its text, which was made once when it was accepted, with the time of sending behind
 * it. Nothing is parsed and nothing is turned into JSON again.
 */
export function singleEventBody(json: string, sentAt: Date): string {
  return `${json.slice(0, -1)},"sentAt":${JSON.stringify(sentAt)}}`
}

/** The body that carries several. */
export function batchBody(jsons: readonly string[], writeKey: string, sentAt: Date): string {
  return singleEventBody(`{"writeKey":${JSON.stringify(writeKey)},"batch":[${jsons.join()}]}`, sentAt)
}
