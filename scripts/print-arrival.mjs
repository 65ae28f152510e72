/** One line for each event as it arrives, whoever sent it. The shop's are left out: `print-batch` has them, as they are sent. */

/**
 * What is read here of an event that arrived.
 * @typedef {object} Arrived
 * @property {string} writeKey
 * @property {string | null} type
 * @property {string | null} event
 * @property {string | null} userId
 * @property {string | null} anonymousId
 * @property {string} receivedAt
 * @property {unknown} payload
 * @property {{ reason: string, message: string }} [failure]
 *
 * What the Tracking API says of a request.
 * @typedef {{ kind: 'batch', events: Arrived[] } | { kind: 'refused', route: string, reason: string, message: string, receivedAt: string } | { kind: 'reset' }} Notice
 */

/** The example whose batches are printed on their way. */
const shop = 'shop'

export const printHead = () => printLine('time', 'type', 'what', 'page', 'who')

/** @param {Notice} notice */
export function printArrival(notice) {
  if (notice.kind === 'batch') {
    for (const event of notice.events) if (event.writeKey !== shop) printEvent(event)
  } else if (notice.kind === 'refused' && notice.reason !== 'fault') {
    const { route, message, receivedAt } = notice
    console.log(`${clock(receivedAt)}  ${printable(route)} refused: ${printable(message)}`)
  }
}

/** @param {Arrived} event */
function printEvent({ type, event, userId, anonymousId, receivedAt, payload, failure }) {
  const { groupId, context } = /** @type {{ groupId?: unknown, context?: { page?: { path?: unknown } } }} */ (
    payload ?? {}
  )
  printLine(
    clock(receivedAt),
    type ?? 'event',
    event ?? String(groupId ?? userId ?? ''),
    String(context?.page?.path ?? ''),
    userId ?? `visitor ${anonymousId?.slice(0, 8)}`,
    failure ? `failed: ${failure.reason}, ${failure.message}` : '',
  )
}

/** @param {string} iso */
const clock = (iso) => new Date(iso).toTimeString().slice(0, 8)

/**
 * @param {string} time
 * @param {string} type
 * @param {string} what
 * @param {string} page
 * @param {...string} more
 */
const printLine = (time, type, what, page, ...more) =>
  console.log(
    [time.padEnd(8), type.padEnd(8), what.padEnd(16), page.padEnd(20), ...more]
      .map(printable)
      .join('  ')
      .trimEnd(),
  )

// Names come from whoever sends; escape sequences in them must not reach the terminal.
const printable = (/** @type {string} */ text) => text.replace(/\p{C}/gu, '�').slice(0, 200)
