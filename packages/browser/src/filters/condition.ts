import { isPlainObject } from '@sluice/core'
import { readGlob } from './glob'
import { valueAt } from './value-at'

/** Whether an event is meant. */
export type Condition = (event: object) => boolean

type Value = (event: object) => unknown

/**
 * Reads a condition as destination filters have it, which is the parsed form of the filter query language: lists that begin
 * with an operator, such as `["and", ["=", "event", { "value": "Order Completed" }], [">", "properties.total", { "value": 5 }]]`.
 * Throws for what it does not know, so that nothing of a condition is passed over.
 */
export function readCondition(ir: unknown): Condition {
  if (!Array.isArray(ir)) return isTrue(readValue(ir))
  const [operator, ...operands] = ir
  const all = () => operands.map(readCondition)
  const two = <T>(read: (left: Value, right: Value) => T) => {
    const [left, right] = operands
    return read(readValue(left), readValue(right))
  }
  const numbers = (compare: (left: number, right: number) => boolean): Condition =>
    two((left, right) => (event) => {
      const [first, second] = [left(event), right(event)]
      return typeof first === 'number' && typeof second === 'number' && compare(first, second)
    })
  const texts = (compare: (text: string, other: string) => boolean): Condition =>
    two((left, right) => (event) => {
      const [text, other] = [left(event), right(event)]
      return typeof text === 'string' && typeof other === 'string' && compare(text, other)
    })

  switch (operator) {
    case 'and': {
      const conditions = all()
      return (event) => conditions.every((holds) => holds(event))
    }
    case 'or': {
      const conditions = all()
      return (event) => conditions.some((holds) => holds(event))
    }
    case '!': {
      const holds = readCondition(operands[0])
      return (event) => !holds(event)
    }
    case '=':
      return two((left, right) => (event) => areEqual(left(event), right(event)))
    case '!=':
      return two((left, right) => (event) => !areEqual(left(event), right(event)))
    case '<':
      return numbers((left, right) => left < right)
    case '<=':
      return numbers((left, right) => left <= right)
    case '>':
      return numbers((left, right) => left > right)
    case '>=':
      return numbers((left, right) => left >= right)
    case 'in': {
      const [item, list] = [readValue(operands[0]), readList(operands[1])]
      return (event) => list(event).some((other) => areEqual(item(event), other))
    }
    case 'contains':
      return texts((text, part) => text.includes(part))
    case 'match': {
      const matches = lastOf(readGlob)
      return texts((text, pattern) => matches(pattern)(text))
    }
    default:
      return isTrue(readFunction(operator, operands))
  }
}

/** A path, a literal, or what a function or a condition answers. */
function readValue(ir: unknown): Value {
  if (typeof ir === 'string') return (event) => valueAt(event, ir)
  if (isPlainObject(ir) && 'value' in ir) return () => ir.value
  if (!Array.isArray(ir)) throw new TypeError(`${JSON.stringify(ir)} is no value`)
  const [operator, ...operands] = ir
  return functions.has(operator) ? readFunction(operator, operands) : readCondition(ir)
}

const functions = new Map<unknown, (value: unknown) => unknown>([
  ['lowercase', (value) => (typeof value === 'string' ? value.toLowerCase() : null)],
  ['typeof', (value) => typeof value],
  ['length', lengthOf],
])

function readFunction(operator: unknown, operands: unknown[]): Value {
  const apply = functions.get(operator)
  if (!apply) throw new TypeError(`${JSON.stringify(operator)} is no operator`)
  const value = readValue(operands[0])
  return (event) => apply(value(event))
}

function lengthOf(value: unknown): number {
  if (value === null) return 0
  return typeof value === 'string' || Array.isArray(value) ? value.length : Number.NaN
}

/** The values of a list that is written out, or the list at a path. */
function readList(ir: unknown): (event: object) => unknown[] {
  if (Array.isArray(ir)) {
    const values = ir.map(readValue)
    return (event) => values.map((value) => value(event))
  }
  const list = readValue(ir)
  return (event) => {
    const values = list(event)
    return Array.isArray(values) ? values : []
  }
}

const isTrue =
  (value: Value): Condition =>
  (event) =>
    value(event) === true

function areEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true
  const areObjects = typeof left === 'object' && typeof right === 'object' && left !== null && right !== null
  return areObjects && JSON.stringify(left) === JSON.stringify(right)
}

// Patterns are nearly always literals.
function lastOf<T>(read: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly result: T } | undefined
  return (text) => {
    if (last?.text !== text) last = { text, result: read(text) }
    return last.result
  }
}
