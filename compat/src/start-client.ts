import { type EventLog, recordEvents } from './event-log'
import type { Client, Fields } from './library'
import { createScriptedClient, type Reply, type ScriptedClient } from './scripted-client'
import type { NodeSubject } from './subjects'

export interface Started {
  analytics: Client
  http: ScriptedClient
  log: EventLog
}

/** A client that sends each event at once, over a scripted HTTP client, with everything recorded. */
export async function startClient(
  subject: NodeSubject,
  { replies = [], settings = {} }: { replies?: Reply[]; settings?: Fields } = {},
): Promise<Started> {
  const { Analytics } = await subject.load()
  const http = createScriptedClient(replies)
  const analytics = new Analytics({ writeKey: 'test-key', flushAt: 1, httpClient: http, ...settings })
  return { analytics, http, log: recordEvents(analytics) }
}

/** Makes one call and waits for its end: what the callback got and when. */
export function outcomeOf(
  call: (callback: (err?: unknown, ctx?: unknown) => void) => unknown,
): Promise<{ args: unknown[]; err: unknown; ctx: unknown }> {
  return new Promise((resolve) => {
    call((...args: unknown[]) => resolve({ args, err: args[0], ctx: args[1] }))
  })
}
