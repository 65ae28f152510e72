import { host } from './globals'

/**
 * Warns on the console. That may be a tool's, and what it is to show may throw when somebody looks at it: then the message is
 * shown alone, and whatever comes of it, the caller goes on.
 */
export function warn(message: string, ...details: unknown[]): void {
  for (const data of [details, []]) {
    try {
      host.console.warn(message, ...data)
      return
    } catch {}
  }
}
