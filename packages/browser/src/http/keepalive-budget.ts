import { globalNamed } from '../past-markup'

/**
 * What may be under way in requests that outlive the page. Browsers share 64 KiB among all of them and refuse the one
 * that is too much, so its events would be lost; we leave room for requests of others.
 */
export interface KeepaliveBudget {
  /** Takes so many bytes, if they are left. Give them back when the request is over. */
  take(bytes: number): boolean
  give(bytes: number): void
}

const sharedByAll = 60_000

export function createKeepaliveBudget(left = sharedByAll): KeepaliveBudget {
  return {
    take(bytes) {
      const isEnough = bytes <= left && !isOldFirefox()
      if (isEnough) left -= bytes
      return isEnough
    },
    give(bytes) {
      left += bytes
    },
  }
}

/** Firefox before 133 cuts these off like all others, without a word. */
function isOldFirefox(): boolean {
  return globalNamed('mozInnerScreenX') !== undefined && !('keepalive' in Request.prototype)
}
