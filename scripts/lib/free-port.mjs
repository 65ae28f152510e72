/** Finds a port to listen on: the one we would like, or any when somebody else has it. */
import { createServer } from 'node:net'

/** @param {number} preferred */
export async function freePort(preferred) {
  return (await tryPort(preferred)) ?? (await tryPort(0)) ?? preferred
}

/**
 * @param {number} port
 * @returns {Promise<number | undefined>}
 */
function tryPort(port) {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      const found = typeof address === 'object' ? address?.port : undefined
      server.close(() => resolve(found))
    })
  })
}
