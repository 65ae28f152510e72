/**
 * Where a call was made, as far as asynchronous context goes: what Node keeps in an `AsyncLocalStorage`. Whatever is called
 * for an event runs there, whoever's timer or answer it was that set it off.
 */
export interface CallSite {
  /** Runs `run` as if it was called where the call was made. */
  runInAsyncScope(run: () => void): void
}
