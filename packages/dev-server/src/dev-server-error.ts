/** What can go wrong when a dev server is set up or used from code. */
export type DevServerErrorCode =
  | 'invalid_option'
  | 'config_not_readable'
  | 'store_not_usable'
  | 'address_not_usable'
  | 'wait_timed_out'
  | 'request_failed'

/**
 * The only error this package throws at its users: a code to branch on, the facts behind it, and a sentence to read.
 *
 * @example
 * try { await createDevServer({ port: 4777 }) }
 * catch (error) { if (error instanceof DevServerError && error.code === 'address_not_usable') … }
 */
export class DevServerError extends Error {
  override readonly name = 'DevServerError'

  constructor(
    readonly code: DevServerErrorCode,
    message: string,
    /** Values a program can use: the option, the port, the path, the status. */
    readonly facts: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause })
  }
}
