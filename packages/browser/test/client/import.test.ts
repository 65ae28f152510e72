import { expect, it, vi } from 'vitest'
import { stored } from '../identity/start-page'
import { useFreshPages } from './support/start-page'

useFreshPages()

const globals = [
  ...[
    'localStorage',
    'sessionStorage',
    'document',
    'location',
    'navigator',
    'fetch',
    'setTimeout',
    'setInterval',
  ],
  ...['addEventListener', 'analytics', 'analyticsWriteKey', '__SEGMENT_INSPECTOR__', 'crypto', 'history'],
]

/** Runs `run` and answers which globals our code touched meanwhile. */
async function touchedDuring(run: () => Promise<unknown>): Promise<string[]> {
  const touched = new Set<string>()
  // What loads the modules has to look around as well.
  const touch = (what: string) => {
    if (/\/packages\/(browser|core)\/src\//.test(new Error().stack ?? '')) touched.add(what)
  }
  const own = globals.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const)
  for (const [name] of own) {
    let value: unknown = Reflect.get(globalThis, name)
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get() {
        touch(`read ${name}`)
        return value
      },
      set(next) {
        touch(`write ${name}`)
        value = next
      },
    })
  }
  try {
    await run()
  } finally {
    for (const [name, descriptor] of own) {
      Reflect.deleteProperty(globalThis, name)
      if (descriptor) Object.defineProperty(globalThis, name, descriptor)
    }
  }
  return [...touched]
}

it('does nothing: no global is read or written, nothing is listened to, stored or sent', async () => {
  const before = new Set(Reflect.ownKeys(globalThis))
  const listened = vi.spyOn(document, 'addEventListener')
  vi.resetModules()
  const touched = await touchedDuring(async () => {
    await import('../../src')
    await import('../../src/complete')
  })

  expect(touched).toEqual([])
  const added = Reflect.ownKeys(globalThis).filter((key) => !before.has(key))
  expect(added.filter((key) => /analytics|segment|sluice/i.test(String(key)))).toEqual([])
  expect(listened).not.toHaveBeenCalled()
  expect(stored()).toEqual({ local: {}, cookies: {} })
  expect(vi.getTimerCount()).toBe(0)
})

it('would be noticed if it did something', async () => {
  const touched = await touchedDuring(async () => {
    const { Analytics } = await import('../../src')
    await new Analytics({ writeKey: 'key' }).track('A')
  })

  expect(touched).toEqual(
    expect.arrayContaining(['read analytics', 'read localStorage', 'read document', 'read navigator']),
  )
})
