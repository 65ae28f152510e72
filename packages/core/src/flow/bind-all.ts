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
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (name === 'constructor') continue
    const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value
    if (typeof method === 'function') Object.defineProperty(object, name, ownMethod(object, name))
  }
}

function ownMethod(object: object, name: string): PropertyDescriptor {
  const method: unknown = Reflect.get(object, name)
  return {
    value: typeof method === 'function' ? method.bind(object) : method,
    configurable: true,
    enumerable: true,
    writable: true,
  }
}
