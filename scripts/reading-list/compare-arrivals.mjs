/** Compares what has arrived at the Tracking API with what a visit should have told. */

/**
 * @typedef {import('../../examples/web-bundler/visit.js').ExpectedEvent} ExpectedEvent
 *
 * What is read here of an event at the Tracking API.
 * @typedef {object} ArrivedEvent
 * @property {string} type
 * @property {string | null} event
 * @property {string | null} userId
 * @property {string} anonymousId
 * @property {{ originalTimestamp: string, groupId?: string, context: { page: { path: string, title: string }, list?: { books: number }, campaign?: { source?: string } } }} payload
 *
 * @typedef {object} Comparison
 * @property {ExpectedEvent[]} arrived In the order in which they happened.
 * @property {string[]} missing
 * @property {string[]} surplus Nobody expected these, or not twice.
 */

/**
 * @param {ArrivedEvent[]} events
 * @param {ExpectedEvent[]} expected
 * @returns {Comparison}
 */
export function compareArrivals(events, expected) {
  const arrived = inOrder(events).map(describe, { readers: [] })
  const surplus = arrived.map(asLine)
  const missing = expected.map(asLine).filter((line) => {
    const index = surplus.indexOf(line)
    if (index >= 0) surplus.splice(index, 1)
    return index < 0
  })
  return { arrived, missing, surplus }
}

/** @param {ArrivedEvent[]} events */
const inOrder = (events) =>
  [...events].sort((a, b) => a.payload.originalTimestamp.localeCompare(b.payload.originalTimestamp))

/**
 * @this {{ readers: string[] }} Those seen so far.
 * @param {ArrivedEvent} event
 * @returns {ExpectedEvent}
 */
function describe({ type, event, userId, anonymousId, payload }) {
  if (!this.readers.includes(anonymousId)) this.readers.push(anonymousId)
  const { page, list, campaign } = payload.context
  return {
    type,
    what: event ?? payload.groupId ?? userId ?? '',
    path: page.path,
    title: page.title,
    userId,
    reader: this.readers.indexOf(anonymousId) + 1,
    books: list?.books ?? null,
    campaign: campaign?.source ?? null,
  }
}

/** @param {ExpectedEvent} event */
const asLine = ({ type, what, path, title, userId, reader, books, campaign }) =>
  `${type} ${what} on ${path} (${title}) by reader ${reader}, ${userId ?? 'unknown'}, books ${books}, campaign ${campaign}`
