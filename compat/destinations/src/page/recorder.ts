/** On the page, before everything else: stand-ins for what vendors' scripts put there, which record what is asked of them. */

/** A call of a vendor's own API, as it can be sent out of the page. */
export interface VendorCall {
  /** Such as `heap.track`. */
  readonly call: string
  readonly args: readonly unknown[]
}

/** What a stand-in answers, by the path of the call. */
export type Answers = Record<string, (...args: unknown[]) => unknown>

export interface Recorder {
  readonly calls: readonly VendorCall[]
  record(call: string, args: Iterable<unknown>): void
  /** Something that can be called and read at any depth. */
  standIn(path: string, answers?: Answers): unknown
  /** Records what waits in the global array of this name, and what is pushed from now on. */
  takeQueue(name: string): void
}

const calls: VendorCall[] = []
const paths = new WeakMap<object, string>()

const vendor: Recorder = {
  calls,

  record: (call, args) => {
    calls.push({ call, args: [...args].map((one) => plain(one)) })
  },

  standIn(path, answers = {}) {
    const values = new Map<string | symbol, unknown>()
    const standIn: object = new Proxy(() => {}, {
      apply(_target, _self, args) {
        vendor.record(path, args)
        return answers[path]?.(...args)
      },
      get(_target, key) {
        // Asked of everything that is awaited or printed.
        if (typeof key === 'symbol' || key === 'then' || key === 'toJSON') return undefined
        if (!values.has(key)) values.set(key, vendor.standIn(`${path}.${key}`, answers))
        return values.get(key)
      },
      set(_target, key, value) {
        values.set(key, value)
        return true
      },
      has: (_target, key) => typeof key === 'string' && key !== 'then',
    })
    paths.set(standIn, path)
    return standIn
  },

  takeQueue(name) {
    const queue: unknown[] = Reflect.get(window, name) ?? []
    Reflect.set(window, name, queue)
    for (const waiting of queue.splice(0)) vendor.record(`${name}.push`, [waiting])
    queue.push = (...items) => {
      for (const item of items) vendor.record(`${name}.push`, [item])
      return 0
    }
  },
}

/** A copy as of now: who calls may change what was handed over. */
function plain(value: unknown, above: readonly object[] = []): unknown {
  if (value === undefined) return '(undefined)'
  if (typeof value === 'function') return `(${paths.get(value) ?? 'function'})`
  if (typeof value !== 'object' || value === null) return value
  if (above.includes(value)) return '(circular)'
  if (value instanceof Date) return { date: value.toISOString() }
  if (value instanceof Error) return { error: value.message }
  const chain = [...above, value]
  if (Array.isArray(value) || Object.prototype.toString.call(value) === '[object Arguments]')
    return Array.from(value as ArrayLike<unknown>, (one) => plain(one, chain))
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one, chain)]))
}

declare global {
  interface Window {
    vendor: Recorder
  }
}

window.vendor = vendor
