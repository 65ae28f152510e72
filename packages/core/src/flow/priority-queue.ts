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
  protected readonly future = new Map<string, Item>()
  declare protected readonly seen: Record<string, number>
  private readonly queued = new Set<string>()
  private readonly ended: string[] = []
  private isSorted = false

  constructor(maxAttempts: number, initialQueue: Item[] = [], seen?: Record<string, number>) {
    super()
    this.maxAttempts = maxAttempts
    this.queue = [...initialQueue]
    this.seen = seen ?? {}
    for (const item of initialQueue) this.queued.add(item.id)
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
    this.future.set(item.id, item)
    hostClock.after(ms, () => {
      this.future.delete(item.id)
      this.queue.push(item)
      this.queued.add(item.id)
      this.isSorted = false
      this.emit(ON_REMOVE_FROM_FUTURE)
    })
    return true
  }

  /** Takes the first item out. */
  pop(): Item | undefined {
    const item = this.queue.shift()
    if (item) this.queued.delete(item.id)
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
    const oldest = this.ended.length > rememberedItems ? this.ended.shift() : undefined
    if (oldest !== undefined) delete this.seen[oldest]
  }

  /** Whether the item is queued or waiting to be. */
  includes(item: Item): boolean {
    return this.queued.has(item.id) || this.future.has(item.id)
  }

  /** Items that can be popped now. */
  get length(): number {
    return this.queue.length
  }

  /** Items that can be popped now or will be later. */
  get todo(): number {
    return this.queue.length + this.future.size
  }

  private countAttempt(item: Item): boolean {
    const attempts = this.updateAttempts(item)
    if (this.queued.has(item.id)) this.isSorted = false
    return attempts <= this.maxAttempts && !this.includes(item)
  }

  private insert(item: Item): void {
    this.sort()
    const attempts = this.getAttempts(item)
    let low = 0
    let high = this.queue.length
    while (low < high) {
      const middle = (low + high) >> 1
      const other = this.queue[middle]
      if (other && this.getAttempts(other) <= attempts) low = middle + 1
      else high = middle
    }
    this.queue.splice(low, 0, item)
    this.queued.add(item.id)
  }

  // Items that came after a delay stand at the end, and attempts of queued items may have been counted.
  private sort(): void {
    if (this.isSorted) return
    this.queue.sort((a, b) => this.getAttempts(a) - this.getAttempts(b))
    this.isSorted = true
  }
}

const rememberedItems = 100
