import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import type { Fault } from './fault'

/**
 * Makes a fault happen to an answer. Resolves with `true` when that was the answer; with `false` when the request should
 * go on as if nothing had been. `signal` ends every waiting, for a sender that left or a server that closes.
 */
export async function actOut(fault: Fault, reply: FastifyReply, signal: AbortSignal): Promise<boolean> {
  switch (fault.kind) {
    case 'latency':
      await pause(fault.ms, signal)
      return false
    case 'status':
      sendStatus(fault, reply)
      return true
    case 'reset':
      reply.hijack()
      reply.raw.socket?.resetAndDestroy()
      return true
    case 'partial':
      await sendPart(reply)
      return true
    case 'hang':
      reply.hijack()
      await pause(undefined, signal)
      reply.raw.destroy()
      return true
    case 'garbage':
      void reply.type('application/json').send('<html>\u0000{"success": tru')
      return true
    case 'large':
      void reply.type('application/json').send(largeBody(fault.bytes))
      return true
  }
}

function sendStatus(fault: Extract<Fault, { kind: 'status' }>, reply: FastifyReply): void {
  if (fault.retryAfter !== undefined) void reply.header('retry-after', String(fault.retryAfter))
  void reply.code(fault.status).type('application/json')
  void reply.send(
    fault.body ??
      JSON.stringify({
        success: fault.status < 300,
        error: { code: 'injected_fault', message: 'Asked for by a fault script' },
      }),
  )
}

async function sendPart(reply: FastifyReply): Promise<void> {
  const whole = '{"success":true,"rest":"of this never arrives"}'
  reply.hijack()
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value)
  }
  reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length })
  // The part must be on its way before the connection goes, or the sender would see a plain reset.
  await new Promise<void>((resolve) => {
    reply.raw.write(whole.slice(0, 20), () => resolve())
  })
  reply.raw.destroy()
}

function largeBody(bytes: number): string {
  const start = '{"success":true,"filler":"'
  return `${start}${'x'.repeat(Math.max(0, bytes - start.length - 2))}"}`
}

async function pause(ms: number | undefined, signal: AbortSignal): Promise<void> {
  if (ms !== undefined) return sleep(ms, undefined, { signal }).catch(() => undefined)
  if (signal.aborted) return
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
