/** What goes into the `Authorization` header. */
export interface Authorization {
  header(): string | Promise<string>
  /** The server answered `status` to that header. True if the same request might pass with a fresh one. */
  refused(status: number, header: string): boolean
  /** Ends what goes on in the background. */
  stop(): void
}

/** The write key as user name, without a password. */
export function basicAuthorization(writeKey: string): Authorization {
  const header = `Basic ${base64(`${writeKey}:`)}`
  return { header: () => header, refused: () => false, stop() {} }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
