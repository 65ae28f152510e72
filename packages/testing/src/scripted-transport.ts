import type { Transport, TransportRequest, TransportResponse } from '@sluice/core/internal'

/** How a scripted server answers: with a status, with a status and headers, never, or by breaking the connection. */
export type Reply = number | { status: number; headers?: Record<string, string> } | 'hang' | 'reset'

export interface ScriptedTransport extends Transport {
  /** Every request so far. */
  readonly sent: TransportRequest[]
  /** Requests that hang now. */
  readonly open: number
  /** Answers those that hang, the oldest first. */
  answer(reply: Exclude<Reply, 'hang'>): void
}

/** A server that answers by the script, and with the last line of it once it is at its end. */
export function createScriptedTransport(...script: Reply[]): ScriptedTransport {
  const sent: TransportRequest[] = []
  let hanging: { resolve(response: TransportResponse): void; reject(reason: unknown): void }[] = []
  let line = 0

  return {
    sent,
    get open() {
      return hanging.length
    },
    exchange(request) {
      sent.push(request)
      const reply = script[Math.min(line, script.length - 1)] ?? 200
      line++
      let abort = () => {}
      const answer = new Promise<TransportResponse>((resolve, reject) => {
        const waiter = { resolve, reject }
        if (reply === 'hang') hanging.push(waiter)
        else give(reply, waiter)
        abort = () => {
          hanging = hanging.filter((other) => other !== waiter)
          reject(new Error('aborted'))
        }
      })
      return { answer, abort }
    },
    answer(reply) {
      const waiter = hanging.shift()
      if (waiter) give(reply, waiter)
    },
  }
}

function give(
  reply: Exclude<Reply, 'hang'>,
  waiter: { resolve(response: TransportResponse): void; reject(reason: unknown): void },
): void {
  if (reply === 'reset') {
    waiter.reject(new Error('connection reset'))
    return
  }
  const { status, headers = {} } = typeof reply === 'number' ? { status: reply } : reply
  waiter.resolve({ status, statusText: `Status ${status}`, header: (name) => headers[name] })
}
