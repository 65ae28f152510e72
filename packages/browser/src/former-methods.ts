const names = [
  ...[
    'log',
    'addIntegrationMiddleware',
    'listeners',
    'addEventListener',
    'removeAllListeners',
    'removeListener',
  ],
  ...['removeEventListener', 'hasListeners', 'add', 'addIntegration'],
]

/** Methods of the first analytics.js, which old pages still call: they do nothing, and say so. */
export function defineFormerMethods(analytics: object): void {
  for (const name of names) {
    const value = () => console.warn(`analytics.${name}() does nothing any more`)
    Object.defineProperty(analytics, name, { value, configurable: true, writable: true })
  }
}
