import { isFunction } from './type-guards'

/**
 * Binds every method that the object's class defines, so that `const { track } = analytics` works.
 * Answers the object. Methods that the class inherits are left alone.
 */
export function bindAll<T extends object>(object: T): T {
  bindMethods(object, Object.getPrototypeOf(object))
  return object
}

/** Binds the methods that `prototype` itself defines to `object`, unless a subclass overrides them. */
export function bindMethods(object: object, prototype: object): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name === 'constructor' || !isFunction(value)) continue
    const method: unknown = Reflect.get(object, name)
    if (isFunction(method)) Object.assign(object, { [name]: method.bind(object) })
  }
}
