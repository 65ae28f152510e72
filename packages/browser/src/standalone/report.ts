/** Tells the console what went wrong, under the name that pages filter by. */
export function report(message: string, ...details: unknown[]): void {
  console.error('[analytics.js]', message, ...details)
}
