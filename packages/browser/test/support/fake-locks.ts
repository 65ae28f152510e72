import type { Locks } from '../../src/outbox/lane-guard'

/** Locks as browsers have them: one holder at a time, `ifAvailable` answers at once. `held` are those that are taken. */
export function createFakeLocks(): Locks & { readonly held: Set<string> } {
  const held = new Set<string>()
  return {
    held,
    async request(name, { ifAvailable }, run) {
      if (held.has(name)) return ifAvailable ? run(null) : new Promise(() => {})
      held.add(name)
      try {
        return await run({ name })
      } finally {
        held.delete(name)
      }
    },
  }
}
