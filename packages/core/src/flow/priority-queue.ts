import { hostClock } from '../host/clock'
import { backoff } from './backoff'
import { Emitter } from './emitter'

/** Emitted when an item's delay is over and it can be popped. */
export const ON_REMOVE_FROM_FUTURE = 'onRemoveFromFuture'

/**
 * A queue in which those that were tried least come first, and in which a failed item waits out of sight until it
 * is due again. Counts how often each item was pushed and refuses it beyond `maxAttempts`.
 */
export class PriorityQueue<Item extends { id: string }> extends Emitter<{ [ON_REMOVE_FROM_FUTURE]: [] }> {
  declare protected readonly maxAttempts: number
  declare protected queue: Item[]
  declare protected readonly seen: Record<string, number>
  /** The ids of all items that are queued or waiting to be. */
  private readonly held = new Set<string>()
  private readonly ended: string[] = []
  private isSorted = false

  constructor(maxAttempts: number, initialQueue: Item[] = [], seen?: Record<string, number>) {
    super()
    this.maxAttempts = maxAttempts
    this.queue = [...initialQueue]
    this.seen = seen ?? {}
    for (const { id } of initialQueue) this.held.add(id)
  }

  /** Adds items, each behind those with as many attempts or fewer. Answers, for each, whether it was accepted. */
  push(...items: Item[]): boolean[] {
    return items.map((item) => {
      if (!this.countAttempt(item)) return false
      this.insert(item)
      return true
    })
  }

  /** Pushes at once the first time, later after a growing delay of at least `minTimeout` ms. */
  pushWithBackoff(item: Item, minTimeout = 0): boolean {
    if (minTimeout === 0 && this.getAttempts(item) === 0) return this.push(item)[0] ?? false
    const delay = backoff({ attempt: this.getAttempts(item) })
    return this.pushWithDelay(item, Math.max(delay, minTimeout))
  }

  /** Pushes in `ms` milliseconds. Until then the item counts in `todo`, not in `length`. */
  pushWithDelay(item: Item, ms: number): boolean {
    if (!this.countAttempt(item)) return false
    this.held.add(item.id)
    hostClock.after(ms, () => {
      this.queue.push(item)
      this.isSorted = false
      this.emit(ON_REMOVE_FROM_FUTURE)
    })
    return true
  }

  /** Takes the first item out. */
  pop(): Item | undefined {
    const item = this.queue.shift()
    if (item) this.held.delete(item.id)
    return item
  }

  /** How often the item was pushed, whether it was accepted or not. */
  getAttempts(item: Item): number {
    return this.seen[item.id] ?? 0
  }

  /** Counts one more attempt and answers the new number. */
  updateAttempts(item: Item): number {
    const attempts = this.getAttempts(item) + 1
    this.seen[item.id] = attempts
    return attempts
  }

  /** The item will not come again. Its attempts are remembered a little longer, for those who ask. */
  settled(item: Item): void {
    this.ended.push(item.id)
    if (this.ended.length > rememberedItems) delete this.seen[this.ended.shift() ?? '']
  }

  /** Whether the item is queued or waiting to be. */
  includes(item: Item): boolean {
    return this.held.has(item.id)
  }

  /** Items that can be popped now. */
  get length(): number {
    return this.queue.length
  }

  /** Items that can be popped now or will be later. */
  get todo(): number {
    return this.held.size
  }

  private countAttempt(item: Item): boolean {
    const attempts = this.updateAttempts(item)
    const isHeld = this.includes(item)
    if (isHeld) this.isSorted = false
    return attempts <= this.maxAttempts && !isHeld
  }

  // Items that came after a delay stand at the end, and attempts of queued items may have been counted.
  private insert(item: Item): void {
    const last = this.queue.at(-1) ?? item
    this.queue.push(item)
    this.held.add(item.id)
    const inOrder = (a: Item, b: Item) => this.getAttempts(a) - this.getAttempts(b)
    if (this.isSorted && inOrder(last, item) <= 0) return
    this.queue.sort(inOrder)
    this.isSorted = true
  }
}

const rememberedItems = 100
