/**
 * The few globals that every JavaScript host has. This is the only file of core that reaches for one: the public
 * helpers that take no clock (`sleep`, `pTimeout`, `PriorityQueue`…) need timers from somewhere.
 * Each is looked up when it is used, never at import, so that patched timers and consoles are seen.
 */
interface Host {
  setTimeout(run: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
  performance?: { now(): number }
  console: {
    log(...data: unknown[]): void
    warn(...data: unknown[]): void
    error(...data: unknown[]): void
    table?(data: unknown): void
  }
  crypto?: { randomUUID?(): string; getRandomValues?(bytes: Uint8Array): Uint8Array }
}

export const host = globalThis as unknown as Host
