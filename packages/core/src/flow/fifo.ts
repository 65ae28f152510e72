/** First in, first out, without moving the rest when the first one leaves. */
export interface Fifo<Item> {
  readonly length: number
  push(item: Item): void
  shift(): Item | undefined
  /** The first item, left in its place. */
  peek(): Item | undefined
}

export function createFifo<Item>(): Fifo<Item> {
  let list: (Item | undefined)[] = []
  let first = 0
  return {
    get length() {
      return list.length - first
    },
    push(item) {
      list.push(item)
    },
    shift() {
      if (first === list.length) return undefined
      const item = list[first]
      list[first] = undefined
      first++
      // Half of the list is empty: moving the other half now costs each item one move in its life, on average.
      if (first >= 64 && first * 2 >= list.length) {
        list = list.slice(first)
        first = 0
      }
      return item
    },
    peek: () => list[first],
  }
}
