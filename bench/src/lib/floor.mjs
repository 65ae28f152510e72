/** The least anybody can do: turn events into JSON, join them, post them. Over node:http or over fetch. */
import http from 'node:http'

export function bareLoop({ host, flushAt, client }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 })
  const send = client === 'fetch' ? sendWithFetch(host) : sendWithHttp(host, agent)
  let batch = []
  const pending = []
  return {
    track(params) {
      batch.push(
        JSON.stringify({
          timestamp: new Date(),
          integrations: {},
          type: 'track',
          event: params.event,
          properties: params.properties,
          context: { library: { name: 'floor', version: '0' } },
          userId: params.userId,
          messageId: `node-next-${Date.now()}-${crypto.randomUUID()}`,
          _metadata: { nodeVersion: process.version, jsRuntime: 'node' },
        }),
      )
      if (batch.length === flushAt) this.send()
    },
    send() {
      pending.push(
        send(`{"batch":[${batch.join(',')}],"writeKey":"k","sentAt":"${new Date().toISOString()}"}`),
      )
      batch = []
    },
    async close() {
      if (batch.length > 0) this.send()
      await Promise.all(pending)
    },
  }
}

const sendWithFetch = (host) => async (body) => {
  const response = await fetch(`${host}/v1/batch`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json' },
  })
  await response.text()
}

const sendWithHttp = (host, agent) => (body) =>
  new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
    const request = http.request(`${host}/v1/batch`, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.on('end', resolve)
    })
    request.on('error', reject)
    request.end(body)
  })
