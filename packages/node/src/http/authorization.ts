import { base64Of } from './base64'

/** What goes into the `Authorization` header. */
export interface Authorization {
  /** Rejects when there is nothing to authorise with; with a `HopelessError` if there never will be. */
  header(): string | Promise<string>
  /** The server answered `status` to that header. True if the same request might pass with a fresh one. */
  refused(status: number, header: string): boolean
  /** Why there is no header at present, if there is a reason. */
  lastFailure(): unknown
  /** Ends what goes on in the background. */
  stop(): void
}

/** The write key as user name, without a password. */
export function basicAuthorization(writeKey: string): Authorization {
  const header = `Basic ${base64Of(`${writeKey}:`)}`
  return { header: () => header, refused: () => false, lastFailure: () => undefined, stop() {} }
}
