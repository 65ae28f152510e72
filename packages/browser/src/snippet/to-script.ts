/**
 * A value as the text of a script tells it: what the script then has is what was given. Throws a `TypeError` for what no
 * text can tell, by the name that the caller knows it by: an option that is left out in silence protects nobody.
 * @param path Name of the value.
 */
export function toScript(value: unknown, path: string): string {
  return write(value, path, []).replace(
    // What could end a script element or open a comment in it; and line ends that older scripts may not hold in a string.
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function write(value: unknown, path: string, around: readonly object[]): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'object':
      return value ? writeObject(value, path, around) : 'null'
    default:
      throw new TypeError(`The snippet is a text and cannot hold the ${typeof value} '${path}': ${instead}`)
  }
}

/** Deeper than anybody means to go, and far from where the engine gives up. */
const deepest = 100

const instead = 'use installSnippet'

function writeObject(value: object, path: string, around: readonly object[]): string {
  if (around.includes(value)) throw new TypeError(`'${path}' of the snippet holds itself`)
  if (around.length >= deepest)
    throw new TypeError(`'${path.split(/[.[]/)[0]}' of the snippet is more than ${deepest} levels deep`)
  const inner = (one: unknown, key: string) => write(one, key, [...around, value])
  if (Array.isArray(value)) return `[${value.map((one, index) => inner(one, `${path}[${index}]`)).join()}]`
  // By what they say they are: they may come from another realm.
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1)
  if (kind === 'RegExp') {
    const { source, flags } = value as RegExp
    // Not between slashes, where nothing could be escaped in the name of a group.
    return `RegExp(${JSON.stringify(source)},${JSON.stringify(flags)})`
  }
  if (kind === 'Date') return `new Date(${Number(value)})`
  if ('toJSON' in value && typeof value.toJSON === 'function') return inner(value.toJSON(), path)
  const prototype: unknown = Object.getPrototypeOf(value)
  // Those of another realm have another prototype, but the same name, and nothing above it.
  if (kind !== 'Object' || (prototype && Object.getPrototypeOf(prototype)))
    throw new TypeError(
      `The snippet is a text and cannot hold the object '${path}', a ${nameOf(value)}: ${instead}`,
    )
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    // Without brackets it would say what the object descends from.
    .map(
      ([key, one]) =>
        `${key === '__proto__' ? '["__proto__"]' : JSON.stringify(key)}:${inner(one, `${path}.${key}`)}`,
    )
  return `{${entries.join()}}`
}

function nameOf(value: object): string {
  return value.constructor?.name || 'thing of its own'
}
