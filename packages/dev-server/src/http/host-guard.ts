import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { Problem } from './problem'

/**
 * Makes the check of the `Host` header. A page on the web can point its own name at 127.0.0.1 and then read what this
 * server answers; the name in the header gives it away.
 */
export function createHostGuard(
  boundHost: string,
  allowedHosts: readonly string[],
): (host: string | undefined) => void {
  const names = new Set(
    ['localhost', '127.0.0.1', '[::1]', bracketed(boundHost), ...allowedHosts].map((name) =>
      name.toLowerCase(),
    ),
  )
  // Bound to every address, it is reached by whatever address or name the machine has. Addresses cannot be rebound.
  const isOpen = boundHost === '0.0.0.0' || boundHost === '::'
  if (isOpen) names.add(hostname().toLowerCase())

  return (host) => {
    if (host === undefined) {
      throw new Problem(400, 'request_not_usable', 'The request has no Host header', { where: 'host' })
    }
    const name = hostName(host)
    if (name !== undefined && (names.has(name) || (isOpen && isAddress(name)))) return
    const message =
      'The Host header names none of the hosts of this server. Others are let in with --allow-host (allowedHosts)'
    throw new Problem(403, 'host_not_allowed', message, { where: 'host', host })
  }
}

/** The name in a `Host` header, without its port. */
export function hostName(host: string | undefined): string | undefined {
  return /^(\[[\da-f:.]+\]|[^:[\]]+)(?::\d+)?$/i.exec(host ?? '')?.[1]?.toLowerCase()
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0
}
