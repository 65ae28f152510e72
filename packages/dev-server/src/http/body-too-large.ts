import { Problem } from './problem'

/** The one sentence for bodies over the limit, compressed or not. */
export function bodyTooLarge(limitBytes: number, receivedBytes: number | undefined, headers = {}): Problem {
  return new Problem(
    400,
    'body_too_large',
    `The body is larger than ${limitBytes} bytes`,
    { where: 'body', limitBytes, ...(receivedBytes === undefined ? {} : { receivedBytes }) },
    headers,
  )
}
