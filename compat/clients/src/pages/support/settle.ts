/** How a promise ended, or that it did not in a while. */
export async function outcome(
  promise: Promise<unknown> | PromiseLike<unknown>,
  waitMs = 15_000,
): Promise<string> {
  const pending = new Promise<string>((resolve) => setTimeout(resolve, waitMs, 'pending'))
  return Promise.race([Promise.resolve(promise).then(() => 'resolved', String), pending])
}
