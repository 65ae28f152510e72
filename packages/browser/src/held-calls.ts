import type { Acceptor } from './acceptor'
import type { Analytics } from './analytics'
import { callTime, sendAccepted } from './call-symbols'
import type { AcceptedCall, CallType } from './calls'
import type { SegmentEvent } from './segment-event'

/** Calls of one kind on their way to a client that may not be there yet. */
export interface HeldCalls {
  /** Makes the call, now or when it can be made. */
  make(method: string, args: unknown[]): Promise<unknown>
  /** What happens on the page can be accepted from now on, and who the visitor is can be told. */
  accept(acceptor: Acceptor): void
  /** Makes the calls that wait, in their order, and from now on each at once. Resolves when they have ended. */
  replay(analytics: Analytics): Promise<void>
  /** There will be no client. */
  refuse(reason: unknown): void
  /** How many calls wait. */
  count(): number
  /** The events of those that were accepted. */
  events(): SegmentEvent[]
}

interface HeldCall {
  method: string
  args: unknown[]
  readonly at: Date
  settle(result: unknown): void
  reject(reason: unknown): void
  accepted?: AcceptedCall
  /** Nothing is left to be done about it. */
  isOver?: boolean
}

/** So many calls wait, at most: `load` may never come, where visitors do not agree. */
const maxHeld = 1_000

const happening = /^(track|page|screen|identify|alias|group)$/

const isNaming = ({ method }: HeldCall) => method === 'setAnonymousId'

export function createHeldCalls({ oneByOne = false } = {}): HeldCalls {
  let acceptor: Acceptor | undefined
  let client: Analytics | undefined
  let failure: { readonly reason: unknown } | undefined
  const held: HeldCall[] = []

  const take = (call: HeldCall, by: Acceptor) => {
    const { method, args, at } = call
    try {
      if (method === 'user' || (method === 'group' && args.length === 0)) call.settle(by[method])
      else if (isNaming(call)) call.settle(by.user.anonymousId(args[0] as string | undefined))
      else {
        if (happening.test(method)) call.accepted = by.accept(method as CallType, args, at)
        else if (method === 'reset') {
          by.reset()
          call.settle(undefined)
          // Who listens hears of it when somebody can.
          Object.assign(call, { method: 'emit', args: ['reset'] })
        }
        return
      }
    } catch (reason) {
      call.reject(reason)
    }
    call.isOver = true
  }

  /** Who names the visitor before anything is sent means the calls before as well: one visitor, not two. */
  const nameVisitorFirst = () => {
    const end = held.findIndex(({ method }) => method === 'reset')
    const before = held.splice(0, end < 0 ? held.length : end)
    held.unshift(...before.sort((a, b) => Number(isNaming(b)) - Number(isNaming(a))))
  }

  const hold = (call: HeldCall) => {
    if (acceptor) take(call, acceptor)
    if (call.isOver) return
    if (failure) {
      call.reject(failure.reason)
      return
    }
    held.push(call)
    // Those that were accepted are kept anyway.
    if (acceptor || held.length <= maxHeld) return
    held.shift()?.reject(new Error(`More than ${maxHeld} calls wait for load`))
  }

  return {
    make(method, args) {
      if (client) return run(client, method, args)
      let call: HeldCall | undefined
      const result = new Promise((settle, reject) => {
        call = { method, args, at: new Date(), settle, reject }
        hold(call)
      })
      // Whoever does not wait for it need not hear that nothing came of it: `load` tells.
      if (failure || !call?.isOver) result.catch(() => {})
      return result
    },
    accept(by) {
      acceptor = by
      nameVisitorFirst()
      for (const call of held) take(call, by)
    },
    async replay(analytics) {
      // Those that come meanwhile stand behind those that wait.
      if (!oneByOne) client = analytics
      nameVisitorFirst()
      for (let call = held.shift(); call; call = held.shift()) {
        if (call.isOver) continue
        analytics[callTime] = call.at
        const result = call.accepted
          ? analytics[sendAccepted](call.accepted)
          : run(analytics, call.method, call.args)
        analytics[callTime] = undefined
        call.settle(result)
        if (oneByOne) await result.catch(() => {})
      }
      client = analytics
    },
    count: () => held.length,
    events: () => held.flatMap(({ accepted }) => accepted?.event ?? []),
    refuse(reason) {
      failure = { reason }
      for (const call of held.splice(0)) call.reject(reason)
    },
  }
}

// Within a promise, so that what is thrown is its rejection.
function run(analytics: Analytics, method: string, args: unknown[]): Promise<unknown> {
  return new Promise((resolve) => resolve(Reflect.get(analytics, method)(...args)))
}
