import { onTestFinished } from 'vitest'
import { createDevServer, type DevServerOptions } from '../../src/index'
import { createTestClient } from '../../src/testing'

export interface Answer {
  status: number
  headers: Headers
  /** Parsed when it is JSON, text otherwise. */
  body: unknown
}

/** Starts a real server on a free port, with its store in memory unless told, and closes it with the test. */
export async function startDevServer(options: DevServerOptions = {}) {
  const dev = await createDevServer({ port: 0, memory: true, ...options })
  onTestFinished(() => dev.close())

  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${dev.url}${path}`, init)
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: readJson(text) }
  }
  return {
    dev,
    url: dev.url,
    client: createTestClient(dev.url),
    get: (path: string, headers: Record<string, string> = {}) => send(path, { headers }),
    /** Sends text and bytes as they are, and everything else as JSON. */
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      send(path, {
        method: 'POST',
        headers,
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
  }
}

/** A track call that has nothing wrong with it. */
export function trackCall(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { writeKey: 'dev', type: 'track', event: 'Order Completed', userId: 'u1', ...fields }
}

export function batchOf(count: number, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    writeKey: 'dev',
    batch: Array.from({ length: count }, (_, index) =>
      trackCall({ writeKey: undefined, messageId: `m${index}` }),
    ),
    ...fields,
  }
}

export const ok = { success: true }

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
