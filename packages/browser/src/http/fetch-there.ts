/** A server on the visitor's own device. */
const loopback = /^https?:\/\/(([\w-]+\.)*localhost|127(\.\d+){3}|\[::1\])(:|\/|$)/i

const explanation = 'a page of another host needs the permission “Local Network Access”'

/**
 * `fetch`, which says where the browser cannot know it that a server is on the visitor's own device, and why it may be
 * out of reach there.
 */
export async function fetchThere(url: string, init?: RequestInit): Promise<Response> {
  if (!loopback.test(url) || loopback.test(globalThis.location?.href ?? ''))
    return init ? fetch(url, init) : fetch(url)
  try {
    return await fetch(url, Object.assign({ targetAddressSpace: 'loopback' }, init))
  } catch (cause) {
    throw new Error(`${url}: ${explanation}`, { cause })
  }
}
