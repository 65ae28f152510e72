import { isJsonObject } from '../json'

/** A place where a value lacks what was wanted. */
export interface Difference {
  /** From the value on, such as `.items[0].sku`. */
  path: string
  wanted: unknown
  /** `undefined` when there is nothing. */
  got: unknown
}

interface Pair {
  wanted: unknown
  got: unknown
  /** The last step of the path, and the pair it leads on from. */
  step: string | number | undefined
  parent: Pair | undefined
}

/**
 * Finds a place where `got` does not hold what is wanted: objects hold at least the wanted keys, lists are as long and hold the
 * wanted items, everything else is equal. It keeps its own list of what is to be compared, so no depth can exhaust the stack.
 */
export function findDifference(got: unknown, wanted: unknown): Difference | undefined {
  const pairs: Pair[] = [{ wanted, got, step: undefined, parent: undefined }]
  for (const pair of pairs) {
    if (Array.isArray(pair.wanted)) {
      const items: unknown[] = Array.isArray(pair.got) ? pair.got : []
      if (!Array.isArray(pair.got) || items.length !== pair.wanted.length) return toDifference(pair)
      for (const [step, item] of pair.wanted.entries()) {
        pairs.push({ wanted: item, got: items[step], step, parent: pair })
      }
    } else if (isJsonObject(pair.wanted)) {
      if (!isJsonObject(pair.got)) return toDifference(pair)
      for (const [step, value] of Object.entries(pair.wanted)) {
        const own = Object.hasOwn(pair.got, step) ? pair.got[step] : undefined
        pairs.push({ wanted: value, got: own, step, parent: pair })
      }
    } else if (pair.got !== pair.wanted) return toDifference(pair)
  }
  return undefined
}

function toDifference({ wanted, got, ...last }: Pair): Difference {
  const steps: string[] = []
  for (let pair: Pick<Pair, 'step' | 'parent'> | undefined = last; pair !== undefined; pair = pair.parent) {
    if (pair.step !== undefined)
      steps.unshift(typeof pair.step === 'number' ? `[${pair.step}]` : keyed(pair.step))
  }
  return { path: steps.join(''), wanted, got }
}

function keyed(name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}
